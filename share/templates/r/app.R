# The components of this app, by R alone: `Rscript app.R COMPONENT ...`. Each
# reads the files it is given and writes those it is asked for. The data are
# R's own `faithful`: how long Old Faithful erupted, and how long one then
# waited for it to erupt again, in minutes.
options(warn = 1)

reader <- function(time, labeled, data) {
  # These eruptions never change. Of a database, ask for the rows up to `time`:
  # a scheduled run is given the time it stands for, however late it starts.
  cat("reading the eruptions as of", time, "\n")
  columns <- if (labeled == "true") c("eruptions", "waiting") else "eruptions"
  write.csv(faithful[columns], data, row.names = FALSE)
}

splitter <- function(data, test_size, random_state, train, test) {
  frame <- read.csv(data)
  n <- nrow(frame)
  set.seed(as.integer(random_state))
  held_out <- seq_len(n) %in% sample(n, round(n * as.numeric(test_size)))
  write.csv(frame[!held_out, ], train, row.names = FALSE)
  write.csv(frame[held_out, ], test, row.names = FALSE)
}

trainer <- function(train, degree, model_object) {
  curve <- sprintf("waiting ~ poly(eruptions, %s)", degree)
  saveRDS(lm(as.formula(curve), read.csv(train)), model_object)
}

evaluator <- function(model_object, data, metrics) {
  frame <- read.csv(data)
  error <- frame$waiting - predict(readRDS(model_object), frame)
  spread <- frame$waiting - mean(frame$waiting)
  json <- sprintf('{"rmse": %.6f, "r2": %.6f}', sqrt(mean(error^2)),
                  1 - sum(error^2) / sum(spread^2))
  writeLines(json, metrics)
}

# A JSON list, rounded to that many digits.
predictor <- function(model_object, features, digits, predictions) {
  minutes <- predict(readRDS(model_object), read.csv(features))
  texts <- sprintf("%.*f", as.integer(digits), minutes)
  texts[is.na(minutes)] <- "null"
  writeLines(paste0("[", paste(texts, collapse = ", "), "]"), predictions)
}

arguments <- commandArgs(trailingOnly = TRUE)
do.call(arguments[1], as.list(arguments[-1]))
