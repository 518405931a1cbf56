# Makes spread.json: variances, correlations, cumulative distributions and t tests of four designs, and of replicates.
#
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite      (R 4.2.2, survey 4.1.1, jsonlite 1.8.4)
#   cd tests/reference && Rscript spread.R                         (run on 2026-11-26)

suppressMessages({library(survey); library(jsonlite)})
read <- function(name) read.csv(paste0(name, ".csv"), stringsAsFactors = FALSE)
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = read("apistrat"))
designs <- list(
  srs = svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = read("apisrs")),
  strat = strat,
  clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = read("apiclus1")),
  clus2 = svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = read("apiclus2")),
  # A jackknife that leaves out one district after another.
  jackknife = as.svrepdesign(svydesign(id = ~dnum, weights = ~pw, data = read("apiclus1")), type = "JK1"))
z <- function(estimate, se, df) c(estimate, se, estimate + c(-1, 1) * qt(0.975, df) * se)
numbers <- function(d, replicates) {
  v <- svyvar(~api00, d)
  # A correlation of centred numbers, by the derivatives that R finds itself; replicates make it again.
  at <- coef(svymean(~api00 + meals, d))
  d <- update(d, x = api00 - at[1], y = meals - at[2])
  d <- update(d, xx = x * x, xy = x * y, yy = y * y)
  if (replicates) {
    cors <- withReplicates(d, function(w, data) cov.wt(cbind(data$x, data$y), w, cor = TRUE)$cor[1, 2])
    r <- c(coef(cors), SE(cors))
  } else {
    r <- svycontrast(svymean(~x + y + xx + xy + yy, d), quote((xy - x * y) / sqrt((xx - x^2) * (yy - y^2))))
    r <- c(coef(r), SE(r))
  }
  stopifnot(abs(r[1] - cov2cor(as.matrix(svyvar(~api00 + meals, d)))[1, 2]) < 1e-10)
  fisher <- tanh(atanh(r[1]) + c(-1, 1) * qt(0.975, degf(d)) * r[2] / (1 - r[1]^2))
  below <- svymean(~I(api00 <= 600), d)
  one <- svyttest(I(api00 - 650) ~ 0, d)
  list(variance = z(as.numeric(v)[1], as.numeric(SE(v))[1], degf(d)), correlation = c(r, fisher),
       cumulative = c(svycdf(~api00, d)[[1]](600), SE(below)[2], attr(svyciprop(~I(api00 <= 600), d, df = degf(d)), "ci")),
       one_mean = c(one$statistic, z(coef(svymean(~api00, d)), as.numeric(SE(svymean(~api00, d))), degf(d)),
                    2 * pt(-abs(one$statistic), degf(d))))
}
found <- lapply(names(designs), function(name) {
  d <- designs[[name]]; replicates <- name == "jackknife"
  t <- svyttest(api00 ~ sch.wide, d)
  within <- svyttest(api00 ~ sch.wide, subset(d, stype == "E"))
  told <- function(t) unname(c(t$estimate, t$statistic, t$parameter, t$p.value, t$conf.int))
  list(all = numbers(d, replicates), without_awards = numbers(subset(d, awards == "No"), replicates),
       two_means = told(t), two_means_of_elementary = told(within))
})
write(toJSON(setNames(found, names(designs)), auto_unbox = TRUE, digits = 15, pretty = 1), "spread.json")
