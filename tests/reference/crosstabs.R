# Makes crosstabs.json: a cross-table of `sch.wide` by `stype`, of those who have an answer to both, and by `awards`.
#
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite      (R 4.2.2, survey 4.1.1, jsonlite 1.8.4)
#   cd tests/reference && Rscript crosstabs.R                      (run on 2026-11-26)

suppressMessages({library(survey); library(jsonlite)})

# Every 11th school gave no answer to `sch.wide`, every 13th none to `stype`: kept apart from the strata as `kind`.
read <- function(name) {
  schools <- read.csv(paste0(name, ".csv"), stringsAsFactors = FALSE)
  schools$kind <- schools$stype
  schools$sch.wide[seq(11, nrow(schools), 11)] <- NA
  schools$kind[seq(13, nrow(schools), 13)] <- NA
  schools
}
designs <- list(
  srs = svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = read("apisrs")),
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = read("apistrat")),
  clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = read("apiclus1")),
  clus2 = svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = read("apiclus2")))
by_domain <- function(question, domain, d) {
  found <- svyby(question, domain, d, svymean)
  data.frame(domain = found[[1]], share = found[[3]], se = found[[5]], row.names = NULL)
}
shares <- function(d) list(
  weighted = as.data.frame(svytable(~sch.wide + kind, d), stringsAsFactors = FALSE),
  column = by_domain(~I(sch.wide == "Yes"), ~kind, d),
  row = by_domain(~I(kind == "E"), ~sch.wide, d),
  cell = unlist(lapply(c(coef, SE), function(f) f(svymean(~I(sch.wide == "Yes" & kind == "E"), d))[2])),
  all_rows = unlist(lapply(c(coef, SE), function(f) f(svymean(~I(sch.wide == "Yes"), d))[2])),
  all_columns = unlist(lapply(c(coef, SE), function(f) f(svymean(~I(kind == "E"), d))[2])),
  interval = {p <- svyciprop(~I(sch.wide == "Yes" & kind == "E"), d, df = degf(d)); unname(attr(p, "ci"))},
  tests = lapply(c(F = "F", Chisq = "Chisq", Wald = "Wald", adjWald = "adjWald"), function(kind) {
    t <- svychisq(~sch.wide + kind, d, statistic = kind); unname(c(t$statistic, t$p.value))}))
found <- lapply(designs, function(d) {
  both <- subset(d, !is.na(sch.wide) & !is.na(kind))
  list(all = shares(both), without_awards = shares(subset(both, awards == "No")))
})
write(toJSON(found, auto_unbox = TRUE, digits = 15, pretty = 1), "crosstabs.json")
