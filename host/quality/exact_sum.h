// Sums that lose no small terms.
#pragma once

namespace concordat::quality {

/// A sum that loses no small terms beside great ones (A. Neumaier, 1974): the same for any way to cut records
/// into batches, because it is taken in record order.
class ExactSum {
 public:
  void Add(double value) {
    const double sum = sum_ + value;
    lost_ += (sum_ < 0 ? -sum_ : sum_) >= (value < 0 ? -value : value) ? (sum_ - sum) + value
                                                                       : (value - sum) + sum_;
    sum_ = sum;
  }
  double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace concordat::quality
