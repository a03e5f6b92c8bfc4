#include "host/quality/figure.h"

#include <algorithm>
#include <cmath>

#include "host/quality/quantile_of.h"

namespace concordat::quality {
namespace {

constexpr std::string_view kWords[] = {"min", "max", "sum", "mean", "median", "stdev"};

}  // namespace

std::vector<std::string> FigureWords() { return {std::begin(kWords), std::end(kWords)}; }

std::optional<FigureKind> FigureFromWord(std::string_view word) {
  const auto* const found = std::find(std::begin(kWords), std::end(kWords), word);
  if (found == std::end(kWords)) return std::nullopt;
  return static_cast<FigureKind>(found - std::begin(kWords));
}

std::string_view FigureWord(FigureKind kind) { return kWords[static_cast<size_t>(kind)]; }

void Figure::Add(double value) {
  least_ = count_ == 0 ? value : std::min(least_, value);
  greatest_ = count_ == 0 ? value : std::max(greatest_, value);
  ++count_;
  sum_.Add(value);
  // B. P. Welford, 1962: no difference of great squares.
  const double before = value - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (value - mean_);
  if (kind_ == FigureKind::kMedian) all_.push_back(value);
}

std::optional<double> Figure::Result() {
  if (count_ == 0 || (kind_ == FigureKind::kStdev && count_ < 2)) return std::nullopt;
  switch (kind_) {
    case FigureKind::kMin:
      return least_;
    case FigureKind::kMax:
      return greatest_;
    case FigureKind::kSum:
      return sum_.value();
    case FigureKind::kMean:
      return sum_.value() / static_cast<double>(count_);
    case FigureKind::kMedian:
      return QuantileOf(all_, 0.5);
    case FigureKind::kStdev:
      return std::sqrt(squares_ / static_cast<double>(count_ - 1));
  }
  return std::nullopt;
}

}  // namespace concordat::quality
