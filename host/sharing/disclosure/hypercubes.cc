// A move along one dimension: a value rises and another one falls, or a value and its total rise together.
// The product of such moves, one per dimension, keeps every total of the table right and changes the 2^n
// corners of a hypercube by the same amount, up or down.
#include <algorithm>
#include <functional>
#include <utility>

#include "host/sharing/disclosure/moves.h"

namespace concordat::sharing {
namespace {

constexpr int64_t kEndless = INT64_MAX / 4;

struct Corner {
  int position = 0;
  bool with_cell = true;  // rises when the cell rises
};

// By how much all corners together can move while the cell rises or falls.
struct Reach {
  int64_t rise = kEndless, fall = kEndless;
};

class Hypercubes : public Mover {
 public:
  explicit Hypercubes(const History& history) : history_(history) {}

  Move Find(const Scope& scope, const Question& question) override {
    Move best;
    Walk(scope, question.position, false, [&](const Reach& reach, int64_t) {
      const int64_t amount = std::min(question.amount, question.rise ? reach.rise : reach.fall);
      const bool better = amount > best.amount;
      if (better && Complete()) best = {amount, Others()};
      return better;
    });
    return best;
  }

  Remedy Mend(const Scope& scope, const Gap& gap) override {
    Remedy best;
    Walk(scope, gap.position, true, [&](const Reach& reach, int64_t cost) {
      const int64_t width = std::max(gap.rise, std::min(reach.rise, gap.width)) +
                            std::max(gap.fall, std::min(reach.fall, gap.width));
      const bool better = width >= gap.width && (!best.found || cost < best.cost);
      if (better && Complete()) best = {true, cost, Others()};
      return better;
    });
    return best;
  }

 private:
  // Asked at every corner added: whether to go on. A hypercube only gets worse by more corners, so a "no"
  // cuts off all of its kind.
  using Judge = std::function<bool(const Reach&, int64_t cost)>;

  void Walk(const Scope& scope, int position, bool could, const Judge& judge) {
    scope_ = &scope;
    could_ = could;
    corners_.assign(1, {position, true});
    Extend(0, {kEndless, scope.fall[position]}, 0, judge);
  }

  void Extend(int dimension, const Reach& reach, int64_t cost, const Judge& judge) {
    if (dimension == history_.dimensions()) return;
    const int here = history_.at(corners_[0].position)[dimension];
    for (int other = 0; other < history_.sizes()[dimension]; ++other) {
      if (other == here) continue;
      const size_t corners = corners_.size();
      Double(dimension, here, other, reach, cost, judge);
      corners_.resize(corners);
    }
  }

  // Adds to each corner its counterpart at `other`, and goes on with the next dimension if all may change.
  void Double(int dimension, int here, int other, Reach reach, int64_t cost, const Judge& judge) {
    const size_t corners = corners_.size();
    const int64_t shift = (other - here) * history_.stride(dimension);
    const bool together = here == 0 || other == 0;
    for (size_t i = 0; i < corners; ++i) {
      const int position = history_.Find(history_.code(corners_[i].position) + shift);
      if (position < 0 || !Usable(position)) return;
      const bool with_cell = corners_[i].with_cell == together;
      corners_.push_back({position, with_cell});
      int64_t& bound = with_cell ? reach.fall : reach.rise;
      bound = std::min(bound, scope_->fall[position]);
      if (scope_->freedom[position] == Freedom::kCould) cost += CostOf(history_, position);
      if (!judge(reach, cost)) return;
    }
    Extend(dimension + 1, reach, cost, judge);
  }

  bool Complete() const { return corners_.size() == size_t{1} << history_.dimensions(); }
  std::vector<int> Others() const {
    std::vector<int> others;
    for (size_t i = 1; i < corners_.size(); ++i) others.push_back(corners_[i].position);
    return others;
  }
  bool Usable(int position) const {
    const Freedom freedom = scope_->freedom[position];
    return freedom == Freedom::kFree || (could_ && freedom == Freedom::kCould);
  }

  const History& history_;
  const Scope* scope_ = nullptr;
  bool could_ = false;
  std::vector<Corner> corners_;
};

}  // namespace

std::unique_ptr<Mover> MakeHypercubes(const History& history) {
  return std::make_unique<Hypercubes>(history);
}

}  // namespace concordat::sharing
