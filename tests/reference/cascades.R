# Makes cascades.json: domains of two columns crossed, with the totals of each level: shares, means, totals, medians.
#
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite      (R 4.2.2, survey 4.1.1, jsonlite 1.8.4)
#   cd tests/reference && Rscript cascades.R                       (run on 2026-11-26)

suppressMessages({library(survey); library(jsonlite)})
schools <- read.csv("apiclus1.csv", stringsAsFactors = FALSE)
schools$awards[seq(7, nrow(schools), 7)] <- NA   # in the totals of `stype`, and in no combination
design <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = schools)
told <- function(d) {
  share <- svymean(~I(sch.wide == "Yes"), d)
  mean <- svymean(~api00, d); total <- svytotal(~enroll, d, na.rm = TRUE)
  median <- svyquantile(~api00, d, 0.5, interval.type = "xlogit")$api00
  ratio <- svyratio(~api.stu, ~enroll, d, na.rm = TRUE)
  list(share = c(coef(share)[2], SE(share)[2]), mean = c(coef(mean), SE(mean)), total = c(coef(total), SE(total)),
       median = unname(median[1, 1:3]), ratio = c(coef(ratio), SE(ratio)))
}
rows <- list()
add <- function(stype, awards, d) rows[[length(rows) + 1]] <<- c(list(stype = stype, awards = awards),
                                                                  lapply(told(d), unname))
for (s in c("E", "H", "M")) {
  of <- subset(design, stype == s)
  for (a in c("No", "Yes")) add(s, a, subset(of, awards == a))
  add(s, "all", of)
}
add("all", "all", design)
write(toJSON(rows, auto_unbox = TRUE, digits = 15, pretty = 1), "cascades.json")
