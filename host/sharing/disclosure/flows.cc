// A table of two dimensions is a network: the total flows from the sink to the source, row totals from the
// source to the rows, inner cells from rows to columns, column totals to the sink. Sums are right when at
// each node as much comes in as goes out, so a change of a cell is a flow through its arc and back by others:
// those that rise forwards without bound, those that fall backwards by at most their count.
#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

#include "host/sharing/disclosure/moves.h"

namespace concordat::sharing {
namespace {

constexpr int64_t kEndless = INT64_MAX / 4;
constexpr int64_t kMostParts = 1024;  // more count alike, so that costs of whole ways cannot overflow

struct Arc {
  int position = 0;
  int to = 0;
  bool rises = true;
};

constexpr Arc kNoArc = {.position = -1};

class Flows : public Mover {
 public:
  explicit Flows(const History& history) : history_(history) {
    ends_.resize(history.positions());
    arcs_.resize(3 + history.sizes()[0] + history.sizes()[1]);
    for (int position = 0; position < history.positions(); ++position) {
      const auto [from, to] = EndsOf(position);
      ends_[position] = {from, to};
      arcs_[from].push_back({position, to, true});
      arcs_[to].push_back({position, from, false});
      costs_.push_back(CostOf(history, position));
    }
    change_.resize(history.positions());
    chosen_.resize(history.positions());
    reached_by_.resize(arcs_.size(), kNoArc);
    last_step_.resize(arcs_.size(), kNoArc);
    reached_from_.resize(arcs_.size());
    distance_.resize(arcs_.size());
  }

  Move Find(const Scope& scope, const Question& question) override {
    return Flow(scope, question.position, question.rise, question.amount, false);
  }

  // Either direction may do alone; a small cell among small ones needs both.
  Remedy Mend(const Scope& scope, const Gap& gap) override {
    Remedy best;
    for (const bool rise_alone : {true, false}) {
      const int64_t wanted = gap.width - (rise_alone ? gap.fall : gap.rise);
      const Move move = Flow(scope, gap.position, rise_alone, wanted, true);
      if (move.amount >= wanted) Offer(scope, {&move}, best);
    }
    const Move fall = Flow(scope, gap.position, false, gap.width - gap.rise, true);
    for (const int position : fall.positions) chosen_[position] = true;
    const int64_t wanted = gap.width - std::max(gap.fall, fall.amount);
    const Move rise = Flow(scope, gap.position, true, wanted, true);
    for (const int position : fall.positions) chosen_[position] = false;
    if (rise.amount >= wanted) Offer(scope, {&fall, &rise}, best);
    return best;
  }

 private:
  Move Flow(const Scope& scope, int position, bool rise, int64_t wanted, bool could) {
    Move move;
    if (!rise) wanted = std::min(wanted, scope.fall[position]);
    const auto [from, to] = ends_[position];
    const int start = rise ? to : from, goal = rise ? from : to;
    if (start == goal) move.amount = wanted;  // a grand total without anything else
    while (move.amount < wanted) {
      const int64_t missing = wanted - move.amount;
      const bool reached =
          could ? Cheapest(scope, position, start, goal, missing) : Shortest(scope, position, start, goal);
      if (!reached) break;
      move.amount += Push(scope, start, goal, missing);
    }
    for (const int touched : touched_) {
      if (change_[touched] != 0) move.positions.push_back(touched);
      change_[touched] = 0;
    }
    touched_.clear();
    return move;
  }

  // Keeps the union of the moves when it is cheaper than what there is.
  void Offer(const Scope& scope, const std::vector<const Move*>& moves, Remedy& best) const {
    Remedy remedy{.found = true};
    for (const Move* move : moves)
      remedy.positions.insert(remedy.positions.end(), move->positions.begin(), move->positions.end());
    std::sort(remedy.positions.begin(), remedy.positions.end());
    remedy.positions.erase(std::unique(remedy.positions.begin(), remedy.positions.end()),
                           remedy.positions.end());
    for (const int position : remedy.positions)
      remedy.cost += scope.freedom[position] == Freedom::kCould ? costs_[position] : 0;
    if (!best.found || remedy.cost < best.cost) best = std::move(remedy);
  }

  // Without inner cells rows and columns meet only in the total: all of them in one node.
  std::pair<int, int> EndsOf(int position) const {
    constexpr int kSource = 0, kSink = 1, kHub = 2;
    const bool inner = history_.HasLayer(0), rows = history_.HasLayer(2), columns = history_.HasLayer(1);
    const int row = history_.at(position)[0], column = history_.at(position)[1];
    const int source = inner || rows ? kSource : kHub, sink = inner || columns ? kSink : kHub;
    const int row_node = inner ? 2 + row : kHub;
    const int column_node = inner ? 2 + static_cast<int>(history_.sizes()[0]) + column : kHub;
    if (row == 0 && column == 0) return {sink, source};
    if (column == 0) return {source, row_node};
    if (row == 0) return {column_node, sink};
    return {row_node, column_node};
  }

  int64_t Room(const Scope& scope, const Arc& arc) const {
    return arc.rises ? kEndless : scope.fall[arc.position] + change_[arc.position];
  }

  // Breadth first. Where much is suppressed the last step is known at once from the goal's own arcs, which
  // saves looking at all others.
  bool Shortest(const Scope& scope, int without, int start, int goal) {
    const auto usable = [&](const Arc& arc) {
      return scope.freedom[arc.position] == Freedom::kFree && arc.position != without && Room(scope, arc) > 0;
    };
    std::fill(reached_by_.begin(), reached_by_.end(), kNoArc);
    std::fill(last_step_.begin(), last_step_.end(), kNoArc);
    for (const Arc& arc : arcs_[goal]) {
      const Arc back = {arc.position, goal, !arc.rises};
      if (usable(back)) last_step_[arc.to] = back;
    }
    queue_.assign(1, start);
    for (size_t next = 0; next < queue_.size(); ++next) {
      const int node = queue_[next];
      if (last_step_[node].position >= 0) {
        reached_by_[goal] = last_step_[node];
        reached_from_[goal] = node;
        return true;
      }
      for (const Arc& arc : arcs_[node]) {
        if (arc.to == start || reached_by_[arc.to].position >= 0 || !usable(arc)) continue;
        reached_by_[arc.to] = arc;
        reached_from_[arc.to] = node;
        queue_.push_back(arc.to);
        if (last_step_[arc.to].position >= 0) std::swap(queue_.back(), queue_[next + 1]);
      }
    }
    return false;
  }

  // Dijkstra; a cell not yet suppressed costs the more the smaller the part is that it brings of what is
  // missing.
  bool Cheapest(const Scope& scope, int without, int start, int goal, int64_t missing) {
    std::fill(distance_.begin(), distance_.end(), INT64_MAX);
    using Reached = std::pair<int64_t, int>;
    std::priority_queue<Reached, std::vector<Reached>, std::greater<>> queue;
    distance_[start] = 0;
    queue.push({0, start});
    while (!queue.empty()) {
      const auto [distance, node] = queue.top();
      queue.pop();
      if (distance > distance_[node]) continue;
      if (node == goal) return true;
      for (const Arc& arc : arcs_[node]) {
        if (scope.freedom[arc.position] == Freedom::kFixed || arc.position == without) continue;
        const int64_t room = Room(scope, arc);
        if (room <= 0) continue;
        const bool free = scope.freedom[arc.position] == Freedom::kFree || change_[arc.position] != 0 ||
                          chosen_[arc.position];
        const int64_t parts = std::min(kMostParts, (missing - 1) / std::min(room, missing) + 1);
        // One more for each step: among equal costs the shortest way.
        const int64_t reached = distance + 1 + (free ? 0 : costs_[arc.position] * parts);
        if (reached >= distance_[arc.to] || reached >= distance_[goal]) continue;
        distance_[arc.to] = reached;
        reached_by_[arc.to] = arc;
        reached_from_[arc.to] = node;
        queue.push({reached, arc.to});
      }
    }
    return false;
  }

  int64_t Push(const Scope& scope, int start, int goal, int64_t missing) {
    int64_t amount = missing;
    for (int node = goal; node != start; node = reached_from_[node])
      amount = std::min(amount, Room(scope, reached_by_[node]));
    for (int node = goal; node != start; node = reached_from_[node]) {
      const Arc& arc = reached_by_[node];
      change_[arc.position] += arc.rises ? amount : -amount;
      touched_.push_back(arc.position);
    }
    return amount;
  }

  const History& history_;
  std::vector<std::pair<int, int>> ends_;  // per position
  std::vector<std::vector<Arc>> arcs_;     // per node: a cell is an arc at both ends
  std::vector<int64_t> costs_;
  std::vector<int64_t> change_;  // of the move in hand, per position
  std::vector<bool> chosen_;     // of the remedy in hand: costs nothing any more
  std::vector<int> touched_;
  std::vector<int> queue_;
  std::vector<Arc> reached_by_, last_step_;  // per node
  std::vector<int> reached_from_;
  std::vector<int64_t> distance_;
};

}  // namespace

int64_t CostOf(const History& history, int position) {
  const Figure& figure = history.figure(history.newest(), position);
  // Counts beyond this are equally dear; sums of costs stay far from overflow.
  const int64_t cost = 16 * (1 + std::min<int64_t>(figure.count, int64_t{1} << 32));
  return history.IsMargin(position) ? 2 * cost : cost;
}

std::unique_ptr<Mover> MakeFlows(const History& history) { return std::make_unique<Flows>(history); }

}  // namespace concordat::sharing
