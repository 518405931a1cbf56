# Weights calibrated to totals of numbers alone, without the number of schools, from Debian's r-cran-survey:
# calibrated_totals.json.
#
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite      (R 4.2.2, survey 4.1.1, jsonlite 1.8.4)
#   cd tests/reference && Rscript calibrated_totals.R              (run on 2026-11-26)
#
# The schools are R's `api` data (apiclus1.csv, apistrat.csv); the totals are those of `apipop`, where `api.stu` counts
# pupils tested. "one" is a column of ones, so that `~ one + api99 - 1` holds the number of schools as `~ api99` does.

suppressMessages({library(survey); library(jsonlite)})
data(api)
totals <- c(one = nrow(apipop), api99 = sum(apipop$api99), api.stu = sum(apipop$api.stu))
prepared <- function(d) transform(d, y = as.integer(awards == "Yes"), one = 1)
designs <- list(
  clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = prepared(apiclus1)),
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = prepared(apistrat)))

estimates <- function(design) {
  mean <- svymean(~api00 + y, design)
  total <- svytotal(~api00, design)
  by <- svyby(~y, ~sch.wide, design, svymean)
  list(weights = weights(design), mean = c(coef(mean), SE(mean)), total = c(coef(total), SE(total)),
       domains = list(answers = as.character(by$sch.wide), estimate = coef(by), se = SE(by)))
}
# the model frame of `calibrate` leaves out who lacks a number: nobody does
stopifnot(!anyNA(apiclus1[c("api99", "api.stu")]), !anyNA(apistrat[c("api99", "api.stu")]))
out <- lapply(designs, function(design) list(
  linear_api99 = estimates(calibrate(design, ~ api99 - 1, totals["api99"])),
  linear_api99_students = estimates(calibrate(design, ~ api99 + api.stu - 1, totals[c("api99", "api.stu")])),
  linear_one_api99 = estimates(calibrate(design, ~ one + api99 - 1, totals[c("one", "api99")])),
  raking_api99_students = estimates(calibrate(design, ~ api99 + api.stu - 1, totals[c("api99", "api.stu")],
                                              calfun = "raking", epsilon = 1e-13, maxit = 200)),
  logit_api99_students = estimates(calibrate(design, ~ api99 + api.stu - 1, totals[c("api99", "api.stu")],
                                             calfun = "logit", bounds = c(.5, 2), epsilon = 1e-13, maxit = 200))))
write_json(c(list(totals = as.list(totals)), out), "calibrated_totals.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
