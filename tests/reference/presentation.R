# Makes presentation.json: the NCHS standards for proportions (Vital Health Stat 2(175), 2017), share by share, written
# from the text of the standards with F quantiles for the interval, on survey's shares, errors and degrees of freedom.
#
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite      (R 4.2.2, survey 4.1.1, jsonlite 1.8.4)
#   cd tests/reference && Rscript presentation.R                   (run on 2026-11-26)

suppressMessages({library(survey); library(jsonlite)})
read <- function(name) read.csv(paste0(name, ".csv"), stringsAsFactors = FALSE)
designs <- list(
  srs = svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = read("apisrs")),
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = read("apistrat")),
  clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = read("apiclus1")),
  clus2 = svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = read("apiclus2")))
judge <- function(p, se, n, df) {
  edge <- p == 0 || p == 1
  n_eff <- if (edge) n else p * (1 - p) / se^2
  m <- if (edge) n else min(n, n_eff * (qt(0.975, n - 1) / qt(0.975, df))^2)
  x <- p * m
  low <- if (p == 0) 0 else {f <- qf(0.025, 2 * x, 2 * (m - x + 1)); x * f / (m - x + 1 + x * f)}
  high <- if (p == 1) 1 else {f <- qf(0.975, 2 * (x + 1), 2 * (m - x)); (x + 1) * f / (m - x + (x + 1) * f)}
  width <- high - low
  if (min(n, n_eff) < 30 || width >= 0.30) return("suppress")
  if (p > 0 && width > 0.05 && width / p > 1.3) return("suppress")
  if (edge || df < 8) return("review")
  if (width > 0.05 && width / (1 - p) > 1.3) return("complement")
  "present"
}
rows <- list()
for (name in names(designs)) {
  d <- update(designs[[name]], low = api00 <= 500, high = api00 > 450, most = api00 > 410, none = api00 < 0)
  for (variable in c("awards", "sch.wide", "low", "high", "most", "none")) for (s in c("all", "E", "H", "M")) {
    of <- if (s == "all") d else subset(d, stype == s)
    answer <- if (variable %in% c("awards", "sch.wide")) of$variables[[variable]] == "Yes" else of$variables[[variable]]
    of <- update(of, answer = as.numeric(answer))
    m <- svymean(~answer, of)
    rows[[length(rows) + 1]] <- list(design = name, variable = variable, stype = s,
      verdict = judge(coef(m)[[1]], SE(m)[[1]], nrow(of), degf(of)))
  }
}
write(toJSON(rows, auto_unbox = TRUE, pretty = 1), "presentation.json")
print(table(sapply(rows, `[[`, "verdict")))
