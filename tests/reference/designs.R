# Numbers for designs beyond the schools data, from Debian's r-cran-survey.
#
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite      (R 4.2.2, survey 4.1.1, jsonlite 1.8.4)
#   cd tests/reference && Rscript designs.R                        (run on 2026-11-24)
#
# Writes designs.csv (made-up respondents: strata h, units p within strata, subunits s, persons; two 0/1 and number
# answers with missing ones), designs_lonely.csv (one stratum left with one unit), designs_replicates.csv (whole
# replicate weights) and designs.json (R's numbers, 15 digits).

suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail")
set.seed(20240711)

respondents <- function(units, subunits, persons) {
  rows <- list()
  for (h in seq_along(units)) for (p in seq_len(units[h])) {
    drawn <- sample(2:subunits, 1)
    for (s in seq_len(drawn)) {
      n <- sample(2:persons, 1)
      level <- rnorm(n, (h - 2) * .4 + (p %% 3) * .3, 1)
      rows[[length(rows) + 1]] <- data.frame(
        h = paste0("s", h), p = p, s = s, N1 = units[h] + 3 * h, N2 = drawn + (p + h) %% 3, N3 = n + 2,
        f1 = units[h] / (units[h] + 3 * h), f2 = .5, level = level)
    }
  }
  d <- do.call(rbind, rows)
  d$id <- seq_len(nrow(d))
  d$y <- as.integer(d$level > .3)
  d$x <- round(exp(.5 * d$level + rnorm(nrow(d), 0, .7)) * 10, 3)
  d$z <- round(20 + d$x + rnorm(nrow(d)), 3)
  d$w <- round(exp(rnorm(nrow(d), 3, .5)), 4)
  d$w0 <- ifelse(runif(nrow(d)) < .08, 0, d$w)
  d$area <- sample(c("a", "b", "c"), nrow(d), TRUE, c(.5, .35, .15))
  d$q <- sample(1:2, nrow(d), TRUE)
  d$v <- ifelse(runif(nrow(d)) < .07, NA, d$y)
  d$level <- NULL
  d
}

estimates <- function(design, answer = ~y) {
  known <- design[!is.na(design$variables[[all.vars(answer)]]), ]
  part <- function(f) tryCatch(f(), error = function(e) list(error = conditionMessage(e)))
  interval <- function(kind) {
    m <- svyciprop(answer, subset(known, area == "b"), method = kind)
    c(as.numeric(m), SE(m), as.numeric(attr(m, "ci")), degf(subset(known, area == "b")))
  }
  list(
    mean = part(function() {m <- svymean(~x, design); c(coef(m), SE(m))}),
    total = part(function() {m <- svytotal(~x, design); c(coef(m), SE(m))}),
    ratio = part(function() {m <- svyratio(~x, ~z, design); c(coef(m), SE(m))}),
    domains = part(function() {
      m <- svyby(answer, ~area + q, known, svymean, na.rm = TRUE)
      list(area = as.character(m$area), q = m$q, est = as.numeric(coef(m)), se = as.numeric(SE(m)))}),
    covariance = part(function() unname(as.matrix(vcov(svyby(answer, ~area + q, known, svymean, covmat = TRUE))))),
    intervals = part(function() lapply(c(logit = "logit", beta = "beta", asin = "asin", mean = "mean"), interval)),
    deff_wor = part(function() as.numeric(deff(svyby(answer, ~area, known, svymean, deff = TRUE)))),
    deff_replace = part(function() as.numeric(sapply(c("a", "b", "c"), function(k)
      deff(svymean(answer, known[known$variables$area == k, ], deff = "replace"))))),
    chi_square = part(function() {
      m <- svychisq(~area + q, design); as.numeric(c(m$statistic, m$parameter, m$p.value))}),
    logistic = part(function() {
      m <- svyglm(as.formula(paste(all.vars(answer), "~ x + area")), design, family = quasibinomial)
      list(coef = as.numeric(coef(m)), se = as.numeric(SE(m)), df = m$df.residual)}),
    linear = part(function() {
      m <- svyglm(z ~ y + area, design)
      list(coef = as.numeric(coef(m)), se = as.numeric(SE(m)), df = m$df.residual)})
  )
}

d <- respondents(c(3, 5, 4, 6), 4, 5)
write.csv(d, "designs.csv", row.names = FALSE, na = "")
d <- read.csv("designs.csv")
lone <- subset(d, !(h == "s1" & p > 1))
write.csv(lone, "designs_lonely.csv", row.names = FALSE, na = "")

out <- list(meta = list(R = R.version.string, survey = as.character(packageVersion("survey"))))
out$weights_only <- estimates(svydesign(id = ~1, weights = ~w, data = d))
out$stratified <- estimates(svydesign(id = ~1, strata = ~h, weights = ~w, data = d))
out$nested <- estimates(svydesign(id = ~p, strata = ~h, weights = ~w, nest = TRUE, data = d))
out$crossing_units <- estimates(svydesign(id = ~p, weights = ~w, data = d))
out$missing_answers <- estimates(svydesign(id = ~p, strata = ~h, weights = ~w, nest = TRUE, data = d), ~v)
out$zero_weights <- estimates(svydesign(id = ~p, strata = ~h, weights = ~w0, nest = TRUE, data = d))
out$two_stages <- estimates(svydesign(id = ~p + s, strata = ~h, weights = ~w, nest = TRUE, fpc = ~N1 + N2, data = d))
out$three_stages <- estimates(
  svydesign(id = ~p + s + id, strata = ~h, weights = ~w, nest = TRUE, fpc = ~N1 + N2 + N3, data = d))
out$fractions <- estimates(svydesign(id = ~p + s, strata = ~h, weights = ~w, nest = TRUE, fpc = ~f1 + f2, data = d))
out$fractions_for_weights <- estimates(svydesign(id = ~p + s, strata = ~h, nest = TRUE, fpc = ~f1 + f2, data = d))
for (kind in c("certainty", "adjust", "average")) {
  options(survey.lonely.psu = kind)
  out[[paste0("lonely_", kind)]] <- estimates(
    svydesign(id = ~p, strata = ~h, weights = ~w, nest = TRUE, data = lone))
}
options(survey.lonely.psu = "fail")

base <- svydesign(id = ~p, strata = ~h, weights = ~w, nest = TRUE, data = d)
jkn <- as.svrepdesign(base, type = "JKn", compress = FALSE)
boot <- as.svrepdesign(base, type = "bootstrap", replicates = 30, compress = FALSE, mse = TRUE)
spread <- matrix(exp(rnorm(nrow(d) * 16, 0, .2)), nrow(d)) * d$w
whole <- list(jkn = weights(jkn, "analysis"), boot = weights(boot, "analysis"), spread = spread)
whole <- lapply(whole, function(m) round(unclass(as.matrix(m)), 10))
columns <- do.call(cbind, lapply(names(whole), function(name) {
  m <- whole[[name]]; colnames(m) <- paste0(name, "_", seq_len(ncol(m))); m}))
write.csv(as.data.frame(columns), "designs_replicates.csv", row.names = FALSE)
out$rscales <- jkn$rscales
out$boot_scale <- boot$scale
replicated <- function(name, ...) estimates(
  svrepdesign(variables = d, repweights = whole[[name]], weights = d$w, combined.weights = TRUE, ...))
out$rep_JKn <- replicated("jkn", type = "JKn", scale = 1, rscales = jkn$rscales)
out$rep_bootstrap <- replicated("boot", type = "bootstrap", scale = boot$scale, mse = TRUE)
out$rep_successive <- replicated("spread", type = "successive-difference", mse = TRUE)
out$rep_JK1 <- replicated("spread", type = "JK1", scale = 15 / 16)
out$rep_Fay <- replicated("spread", type = "Fay", rho = .4)
out$rep_BRR <- replicated("spread", type = "BRR")

d$qf <- factor(d$q)
two <- svydesign(id = ~p + s, strata = ~h, weights = ~w, nest = TRUE, fpc = ~N1 + N2, data = d)
area <- data.frame(area = c("a", "b", "c"), Freq = c(5000, 3000, 2000))
post <- postStratify(two, ~area, area)
calibrated <- calibrate(two, ~area + qf, c(`(Intercept)` = 10000, gb = 3000, gc = 2000, qf2 = 6000),
                        calfun = "raking", epsilon = 1e-13)
raked <- rake(two, list(~area, ~qf), list(area, data.frame(qf = factor(1:2), Freq = c(4000, 6000))),
              control = list(maxit = 500, epsilon = 1e-13))
out$post_stratified <- estimates(post)
out$calibrated <- estimates(calibrated)
out$post_stratified_weights <- weights(post)
out$calibrated_weights <- weights(calibrated)
out$raked_weights <- weights(raked)

# Bounds, an auxiliary and trimming on unequal base weights.
bounded <- calibrate(two, ~area + qf, c(`(Intercept)` = 4000, gb = 1200, gc = 800, qf2 = 2400),
                     bounds = c(.7, 1.5), epsilon = 1e-13, maxit = 200)
greg <- calibrate(two, ~area + z, c(`(Intercept)` = 10000, gb = 3000, gc = 2000, z = 385000))
trimmed <- trimWeights(calibrated, lower = 20, upper = 140, strict = TRUE)
for (name in c("bounded", "greg", "trimmed")) {
  out[[name]] <- estimates(get(name))
  out[[paste0(name, "_weights")]] <- weights(get(name))
}

# Half samples that leave nobody in some domains; answers missing, so that domains differ by question.
d$small <- ifelse(d$h == "s1" & d$p == 1, "few", ifelse(d$area == "c", "some", "most"))
half <- as.svrepdesign(svydesign(id = ~p, strata = ~h, weights = ~w, nest = TRUE, data = d), type = "JKn", compress = FALSE)
m <- svyby(~v, ~small, half[!is.na(d$v), ], svymean)
out$void_replicates <- list(small = as.character(m$small), est = as.numeric(coef(m)), se = as.numeric(SE(m)))

# A table with an empty cell.
data(api)
samples <- list(
  srs = svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = apisrs),
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat),
  clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1),
  clus2 = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2))
out$empty_cell <- lapply(samples, function(design) {
  design$variables$sch.wide[design$variables$stype == "H"] <- "Yes"
  sapply(c(F = "F", Chisq = "Chisq"), simplify = FALSE, function(kind) {
    m <- svychisq(~sch.wide + stype, design, statistic = kind)
    c(as.numeric(m$statistic), as.numeric(m$p.value))})
})
write_json(out, "designs.json", digits = NA, auto_unbox = TRUE, na = "null", pretty = TRUE)
