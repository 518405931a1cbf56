# Makes the numbers in api.json, weighting.json, replicates.json, lonely_psu.json and waves.json again and prints how far
# they are from the files.
#
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite      (R 4.2.2, survey 4.1.1, jsonlite 1.8.4)
#   cd tests/reference && Rscript regenerate.R                     (run on 2026-11-24)

suppressMessages({library(survey); library(jsonlite)})
data(api)

worst <- c()
compare <- function(name, got, file) {
  got <- as.numeric(unlist(got)); file <- as.numeric(unlist(file))
  stopifnot(length(got) == length(file))
  scale <- pmax(abs(file), 1e-12 * max(abs(file)), 1e-300)
  worst[name] <<- max(worst[name], max(abs(got - file) / scale), na.rm = TRUE)
}
stat <- function(name, m, file) {
  compare(paste(name, "estimates"), coef(m), file$est)
  compare(paste(name, "standard errors"), SE(m), file$se)
}

api_file <- fromJSON("api.json")
samples <- list(srs = apisrs, strat = apistrat, clus1 = apiclus1, clus2 = apiclus2)
with_y <- function(d) transform(d, y = as.integer(awards == "Yes"))
designs <- list(
  srs = function(d) svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = d),
  strat = function(d) svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = d),
  clus1 = function(d) svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = d),
  clus2 = function(d) svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = d))
for (name in names(designs)) {
  d <- designs[[name]](with_y(samples[[name]])); file <- api_file[[name]]
  stat("means", svymean(~api00 + api99 + enroll, d, na.rm = TRUE), file$mean)
  stat("totals", svytotal(~api00 + enroll, d, na.rm = TRUE), file$total)
  compare("covariance of means", vcov(svymean(~api00 + api99 + enroll, d, na.rm = TRUE)), file$mean$vcov)
  stat("means", svymean(~enroll, d, na.rm = TRUE), file$mean_enroll_only_na_rm)
  shares <- svymean(~stype + awards, d)
  compare("estimates of shares", coef(shares), file$mean_factor$est)
  ratio <- svyratio(~api.stu, ~enroll, d, na.rm = TRUE)
  compare("ratios", c(coef(ratio), SE(ratio)), file$ratio)
  compare("design effects", c(deff(svymean(~api00, d, deff = TRUE)), deff(svymean(~api00, d, deff = "replace"))),
          c(file$deff_mean, file$deff_mean_replace))
  for (kind in c("logit", "asin", "beta", "mean")) {
    m <- svyciprop(~I(awards == "Yes"), d, method = kind)
    compare("intervals", c(m, SE(m), attr(m, "ci")), file$ciprop_awards[[kind]])
  }
  by <- svyby(~y, ~stype, d, svymean, covmat = TRUE)
  compare("domains", c(coef(by), SE(by)), c(file$by_stype_y$est, file$by_stype_y$se))
  contrast <- svycontrast(by, c(E = 1, H = -1))
  compare("contrasts", c(coef(contrast), SE(contrast)), file$contrast_E_minus_H_y)
  for (kind in c("F", "Chisq", "Wald", "adjWald")) {
    test <- svychisq(~sch.wide + stype, d, statistic = kind)
    compare("chi-square tests", c(test$statistic, test$p.value), file$chisq_schwide_stype[[kind]][c("stat", "p")])
  }
  fit <- svyglm(I(awards == "Yes") ~ ell + meals + stype, d, family = quasibinomial)
  compare("logistic regression", c(coef(fit), SE(fit)), c(file$glm_logit$coef, file$glm_logit$se))
  fit <- svyglm(api00 ~ ell + meals, d)
  compare("linear regression", c(coef(fit), SE(fit)), c(file$glm_gauss$coef, file$glm_gauss$se))
  t <- svyttest(api00 ~ sch.wide, d)
  compare("t tests", c(t$statistic, t$parameter, t$p.value, t$estimate), file$ttest_api00_schwide)
}

weights_file <- fromJSON("weighting.json")$clus1
clus1 <- designs$clus1(with_y(apiclus1))
stype <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
totals <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, sch.wideYes = 5122)
raked <- rake(clus1, list(~stype, ~sch.wide), list(stype, wide), control = list(maxit = 500, epsilon = 1e-12))
weighed <- list(
  rake = raked,
  poststratify_stype = postStratify(clus1, ~stype, stype),
  calibrate_linear = calibrate(clus1, ~stype + sch.wide, totals),
  calibrate_raking = calibrate(clus1, ~stype + sch.wide, totals, calfun = "raking", epsilon = 1e-12),
  `calibrate_logit_bounds_0.5_2` = calibrate(clus1, ~stype + sch.wide, totals, calfun = "logit",
                                             bounds = c(.5, 2), epsilon = 1e-12),
  `calibrate_linear_bounds_0.5_2` = calibrate(clus1, ~stype + sch.wide, totals, bounds = c(.5, 2), epsilon = 1e-12),
  greg_api99_stype = calibrate(clus1, ~api99 + stype,
                               c(`(Intercept)` = 6194, api99 = 3914069, stypeH = 755, stypeM = 1018)),
  rake_then_trim_20_45_strict_TRUE = trimWeights(raked, lower = 20, upper = 45, strict = TRUE))
for (name in names(weighed)) {
  file <- weights_file[[name]]; d <- weighed[[name]]
  stat("weighting", svymean(~api00 + enroll, d, na.rm = TRUE), file$mean)
  stat("weighting", svymean(~y, d), file$prop)
  stat("weighting", svytotal(~enroll, d, na.rm = TRUE), file$total_enroll)
  compare("weighting", c(sum(weights(d)), min(weights(d)), max(weights(d))), file[c("sum_w", "min_w", "max_w")])
}

for (mse in c(FALSE, TRUE)) {
  file <- fromJSON("replicates.json")[[paste0("mse_", mse)]]
  stat("replicates", svymean(~api00 + enroll, as.svrepdesign(clus1, type = "JK1", mse = mse)), file$clus1_JK1)
  strat <- designs$strat(apistrat)
  stat("replicates", svymean(~api00 + enroll, as.svrepdesign(strat, type = "JKn", mse = mse)), file$strat_JKn)
  factors <- read.csv(sprintf("strat_wr_bootstrap_factors_mse_%s.csv", mse))
  boot <- svrepdesign(variables = apistrat, repweights = as.matrix(factors), weights = apistrat$pw, type = "bootstrap",
                      combined.weights = FALSE, scale = file$strat_wr_bootstrap$scale, mse = mse)
  stat("replicates", svymean(~api00 + enroll, boot), file$strat_wr_bootstrap)
  scd <- read.csv("scd.csv"); half <- as.matrix(read.csv("scd_brr_factors.csv"))
  brr <- svrepdesign(variables = scd, repweights = half, weights = rep(1, 6), type = "BRR", combined.weights = FALSE,
                     mse = mse)
  stat("replicates", svytotal(~alive + arrests, brr), file$scd_BRR_total)
}

lonely_file <- fromJSON("lonely_psu.json")$design
for (kind in c("certainty", "remove", "adjust", "average")) {
  options(survey.lonely.psu = kind)
  d <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = with_y(read.csv("lonely.csv")))
  stat("lonely units", svymean(~api00, d), lonely_file[[kind]]$mean)
  stat("lonely units", svymean(~y, d), lonely_file[[kind]]$prop)
  if (kind != "adjust") stat("lonely units", svytotal(~enroll, d), lonely_file[[kind]]$total)
}
options(survey.lonely.psu = "fail")

waves_file <- fromJSON("waves.json")$full
waves <- read.csv("waves_full_overlap.csv")
for (name in c("overlap", "independent")) {
  d <- if (name == "overlap") svydesign(id = ~dnum, weights = ~pw, data = waves) else
    svydesign(id = ~dnum, strata = ~wave, weights = ~pw, nest = TRUE, data = waves)
  by <- svyby(~y, ~wave, d, svymean, covmat = TRUE)
  compare("waves", c(coef(by), SE(by)), c(waves_file[[name]]$est, waves_file[[name]]$se))
  if (name == "overlap") compare("waves", vcov(by), waves_file[[name]]$vcov)
  fit <- svyglm(y ~ wave, d, family = quasibinomial)
  compare("waves", c(coef(fit), SE(fit)), c(waves_file[[name]]$glm_logit_wave$coef, waves_file[[name]]$glm_logit_wave$se))
}
print(signif(worst, 2))
stopifnot(all(worst < 1e-8))
