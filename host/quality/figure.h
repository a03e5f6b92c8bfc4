// Figures over many numbers: what `aggregate` and `change` calculate.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/quality/exact_sum.h"

namespace concordat::quality {

enum class FigureKind { kMin, kMax, kSum, kMean, kMedian, kStdev };

/// min, max, sum, mean, median, stdev.
std::vector<std::string> FigureWords();
std::optional<FigureKind> FigureFromWord(std::string_view word);
std::string_view FigureWord(FigureKind kind);

/// Numbers in record order, reduced to what the figure needs (the median keeps all: 8 bytes a number).
class Figure {
 public:
  explicit Figure(FigureKind kind) : kind_(kind) {}
  void Add(double value);
  /// Nothing without any number; the standard deviation (of the sample, n - 1) needs two.
  std::optional<double> Result();

 private:
  const FigureKind kind_;
  uint64_t count_ = 0;
  double least_ = 0;
  double greatest_ = 0;
  double mean_ = 0;
  double squares_ = 0;
  ExactSum sum_;
  std::vector<double> all_;
};

}  // namespace concordat::quality
