# Makes boxes.json: answers taken together, net scores, and the letters of column differences, four designs.
#
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite      (R 4.2.2, survey 4.1.1, jsonlite 1.8.4)
#   cd tests/reference && Rscript boxes.R                          (run on 2026-11-26)

suppressMessages({library(survey); library(jsonlite)})
read <- function(name) {
  schools <- read.csv(paste0(name, ".csv"), stringsAsFactors = FALSE)
  schools$poor <- as.character(cut(schools$meals, c(-1, 25, 50, 75, 101), labels = 1:4))
  schools
}
designs <- list(
  srs = svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = read("apisrs")),
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = read("apistrat")),
  clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = read("apiclus1")),
  clus2 = svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = read("apiclus2")))
marks <- list(`1` = quote(poor == "1"), `2` = quote(poor == "2"), `3` = quote(poor == "3"), `4` = quote(poor == "4"),
              `top two` = quote(poor %in% c("1", "2")),
              net = quote((poor %in% c("1", "2")) - (poor == "4")))
kinds <- c("E", "H", "M")
found <- lapply(designs, function(d) {
  dfs <- sapply(kinds, function(kind) degf(subset(d, stype == kind)))
  lapply(marks, function(mark) {
    d$variables$marked <- as.numeric(eval(mark, d$variables))
    all <- svymean(~marked, d)
    by <- svyby(~marked, ~stype, d, svymean, covmat = TRUE)
    p <- function(a, b) {
      change <- svycontrast(by, setNames(c(1, -1), kinds[c(a, b)]))
      2 * pt(-abs(coef(change) / SE(change)), min(dfs[c(a, b)]))
    }
    letters_of <- function(times) sapply(1:3, function(a) paste(c("A", "B", "C")[Filter(function(b)
      b != a && coef(by)[a] > coef(by)[b] && SE(by)[a] > 0 && SE(by)[b] > 0 && times * p(a, b) < 0.05, 1:3)],
      collapse = " "))
    list(all = unname(c(coef(all), SE(all))), by = data.frame(estimate = coef(by), se = SE(by), row.names = NULL),
         letters = list(none = letters_of(1), bonferroni = letters_of(choose(sum(SE(by) > 0), 2))))
  })
})
write(toJSON(found, auto_unbox = TRUE, digits = 15, pretty = 1), "boxes.json")
print(table(unlist(lapply(found, function(d) lapply(d, function(m) m$letters)))))
