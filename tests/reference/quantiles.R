# Makes quantiles.json.
#
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite      (R 4.2.2, survey 4.1.1, jsonlite 1.8.4)
#   cd tests/reference && Rscript quantiles.R                      (run on 2026-11-26)

suppressMessages({library(survey); library(jsonlite)})
data(api); data(scd)

designs <- list(
  srs = svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = apisrs),
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat),
  clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1),
  clus2 = svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = apiclus2))
# Not tenths: in a sample of 200 equal weights no sum of them is exactly such a share, so that rounding decides nothing.
probabilities <- c(0.113, 0.251, 0.5, 0.747, 0.887)
rows <- list()
for (name in names(designs)) for (type in c("mean", "xlogit", "asin", "beta")) for (variable in c("api00", "enroll")) {
  q <- svyquantile(as.formula(paste0("~", variable)), designs[[name]], probabilities, interval.type = type,
                   na.rm = TRUE)[[variable]]
  for (i in seq_along(probabilities)) rows[[length(rows) + 1]] <- list(
    design = name, interval = type, variable = variable, p = probabilities[i],
    estimate = q[i, 1], low = q[i, 2], high = q[i, 3], se = q[i, 4])
}
by <- svyby(~api00, ~stype, designs$strat, svyquantile, quantiles = 0.5, interval.type = "xlogit", ci = TRUE,
            vartype = c("se", "ci"))
write(toJSON(list(rows = rows, by_stype = by), auto_unbox = TRUE, digits = 15, na = "null", pretty = 1),
      "quantiles.json")
