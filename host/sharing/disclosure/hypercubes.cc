// A move along one dimension: a value rises and another one falls, or a value and its total rise together.
// The product of such moves, one per dimension, keeps every total of the table right and changes the 2^n
// corners of a hypercube by the same amount, up or down.
#include <algorithm>
#include <utility>

#include "host/sharing/disclosure/moves.h"

namespace concordat::sharing {
namespace {

constexpr int64_t kEndless = INT64_MAX / 4;

struct Corner {
  int position = 0;
  bool with_cell = true;  // rises when the cell rises
};

class Hypercubes : public Mover {
 public:
  explicit Hypercubes(const History& history) : history_(history) {}

  Move Find(const Scope& scope, const Wish& wish) override {
    scope_ = &scope;
    wish_ = wish;
    best_ = {};
    best_.cost = kEndless;
    corners_.assign(1, {wish.position, true});
    const int64_t own = wish.rise ? kEndless : scope.fall[wish.position];
    if (own > 0) Extend(0, std::min(own, wish.amount), 0);
    if (best_.amount == 0) best_.cost = 0;
    return std::move(best_);
  }

 private:
  void Extend(int dimension, int64_t amount, int64_t cost) {
    if (Worse(amount, cost)) return;
    if (dimension == history_.dimensions()) {
      best_.amount = amount;
      best_.cost = cost;
      best_.positions.clear();
      for (size_t i = 1; i < corners_.size(); ++i) best_.positions.push_back(corners_[i].position);
      return;
    }
    const int here = history_.at(wish_.position)[dimension];
    for (int other = 0; other < history_.sizes()[dimension]; ++other) {
      if (other != here) Double(dimension, here, other, amount, cost);
      if (Done()) return;
    }
  }

  // Adds to each corner its counterpart at `other`, and goes on with the next dimension if all may change.
  void Double(int dimension, int here, int other, int64_t amount, int64_t cost) {
    const size_t corners = corners_.size();
    const int64_t shift = (other - here) * history_.stride(dimension);
    const bool together = here == 0 || other == 0;
    bool possible = true;
    for (size_t i = 0; i < corners && possible; ++i) {
      const int position = history_.Find(history_.code(corners_[i].position) + shift);
      possible = position >= 0 && Usable(position);
      if (!possible) break;
      const bool with_cell = corners_[i].with_cell == together;
      corners_.push_back({position, with_cell});
      if (with_cell != wish_.rise) amount = std::min(amount, scope_->fall[position]);
      if (scope_->freedom[position] == Freedom::kCould) cost += CostOf(history_, position);
      possible = amount > 0 && !Worse(amount, cost);
    }
    if (possible) Extend(dimension + 1, amount, cost);
    corners_.resize(corners);
  }

  bool Usable(int position) const {
    const Freedom freedom = scope_->freedom[position];
    return freedom == Freedom::kFree || (wish_.could && freedom == Freedom::kCould);
  }
  // With `could` the cheapest move that is enough is looked for, else the greatest one.
  bool Worse(int64_t amount, int64_t cost) const {
    return wish_.could ? amount < wish_.amount || cost >= best_.cost : amount <= best_.amount;
  }
  bool Done() const { return !wish_.could && best_.amount >= wish_.amount; }

  const History& history_;
  const Scope* scope_ = nullptr;
  Wish wish_;
  Move best_;
  std::vector<Corner> corners_;
};

}  // namespace

std::unique_ptr<Mover> MakeHypercubes(const History& history) {
  return std::make_unique<Hypercubes>(history);
}

}  // namespace concordat::sharing
