// The audit before anything leaves. It shares with suppression.cc what is common knowledge (history.h: which
// figures there are) and nothing of how cells were chosen: it computes every interval anew from the marks of
// the table, by another algorithm.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "host/sharing/disclosure/history.h"
#include "host/sharing/disclosure/suppression.h"

namespace concordat::sharing {
namespace {

constexpr int64_t kEndless = INT64_MAX / 4;

// How far a hidden figure can be from the truth, one way, within one scope; more than `enough` is not looked
// for.
class Auditor {
 public:
  virtual ~Auditor() = default;
  virtual int64_t Rise(int position, int64_t enough) = 0;
  virtual int64_t Fall(int position, int64_t enough) = 0;
};

// Two dimensions: a maximum flow over the hidden cells by ways searched from both ends. Nodes: rows (the
// total of all is row 0) and columns (likewise): a cell leads from its row to its column, a total the other
// way, so that in each node what comes in is what goes out.
class FlowAuditor : public Auditor {
 public:
  FlowAuditor(const History& history, const Scope& scope)
      : rows_(static_cast<int>(history.sizes()[0])), edge_of_(history.positions(), -1) {
    edges_of_.resize(rows_ + history.sizes()[1]);
    mark_.resize(edges_of_.size());
    by_.resize(edges_of_.size());
    const bool inner = history.HasLayer(0);
    for (int position = 0; position < history.positions(); ++position) {
      if (scope.freedom[position] != Freedom::kFree) continue;
      const int row = history.at(position)[0], column = history.at(position)[1];
      const auto [from, to] = inner ? EndsOf(row, column) : WithoutInner(history, row, column);
      edge_of_[position] = static_cast<int>(edges_.size());
      edges_of_[from].push_back(static_cast<int>(edges_.size()));
      edges_.push_back({to, kEndless});
      edges_of_[to].push_back(static_cast<int>(edges_.size()));
      edges_.push_back({from, scope.fall[position]});
    }
  }

  int64_t Rise(int position, int64_t enough) override { return Around(edge_of_[position], enough); }
  int64_t Fall(int position, int64_t enough) override {
    const int edge = edge_of_[position] + 1;
    return Around(edge, std::min(enough, edges_[edge].room));
  }

 private:
  struct Edge {
    int to = 0;
    int64_t room = 0;
  };

  // Column 0 is where the row totals come from, row 0 where the column totals go to; the grand total leads
  // from there to here.
  std::pair<int, int> EndsOf(int row, int column) const {
    const bool is_line_total = (row == 0) != (column == 0);
    return is_line_total ? std::pair{rows_ + column, row} : std::pair{row, rows_ + column};
  }

  // Only totals: row totals lead from the grand total's foot to its head, and so do column totals. Where
  // there is nothing but the grand total its ends are one.
  std::pair<int, int> WithoutInner(const History& history, int row, int column) const {
    const int head = 0, middle = rows_, foot = history.sizes()[0] > 1 ? 1 : head;
    const bool rows = history.HasLayer(2), columns = history.HasLayer(1);
    const int left = rows ? foot : middle, right = columns ? head : middle;
    if (row == 0 && column == 0) return {right, left};
    return column == 0 ? std::pair{left, middle} : std::pair{middle, right};
  }

  // What can flow from the edge's head back to its tail, not counting the edge and its reverse.
  int64_t Around(int edge, int64_t enough) {
    const int start = edges_[edge].to, goal = edges_[edge ^ 1].to;
    if (start == goal) return enough;
    const Edge forth = edges_[edge], back = edges_[edge ^ 1];
    edges_[edge].room = edges_[edge ^ 1].room = 0;
    int64_t flow = 0;
    while (flow < enough && Reach(start, goal)) flow += Push(start, goal, enough - flow);
    for (const auto& [pushed, amount] : pushed_) {
      edges_[pushed].room += amount;
      edges_[pushed ^ 1].room -= amount;
    }
    pushed_.clear();
    edges_[edge] = forth;
    edges_[edge ^ 1] = back;
    return flow;
  }

  // Searches from both ends in turn, from where fewer nodes wait. A node's mark says from which end it was
  // reached in this search.
  bool Reach(int start, int goal) {
    marks_ += 2;
    ahead_.assign(1, start);
    behind_.assign(1, goal);
    mark_[start] = marks_;
    mark_[goal] = marks_ + 1;
    size_t ahead = 0, behind = 0;
    while (ahead < ahead_.size() && behind < behind_.size()) {
      const bool forwards = ahead_.size() - ahead <= behind_.size() - behind;
      const int node = forwards ? ahead_[ahead++] : behind_[behind++];
      for (const int edge : edges_of_[node]) {
        if (edges_[forwards ? edge : edge ^ 1].room <= 0) continue;
        const int other = edges_[edge].to;
        if (mark_[other] == (forwards ? marks_ : marks_ + 1)) continue;
        if (mark_[other] == (forwards ? marks_ + 1 : marks_)) {
          meeting_ = forwards ? edge : edge ^ 1;
          return true;
        }
        mark_[other] = forwards ? marks_ : marks_ + 1;
        by_[other] = forwards ? edge : edge ^ 1;
        (forwards ? ahead_ : behind_).push_back(other);
      }
    }
    return false;
  }

  // Along the way that was found: from the meeting edge back to the start and on to the goal.
  int64_t Push(int start, int goal, int64_t amount) {
    way_.assign(1, meeting_);
    for (int node = edges_[meeting_ ^ 1].to; node != start; node = edges_[by_[node] ^ 1].to)
      way_.push_back(by_[node]);
    for (int node = edges_[meeting_].to; node != goal; node = edges_[by_[node]].to) way_.push_back(by_[node]);
    for (const int edge : way_) amount = std::min(amount, edges_[edge].room);
    for (const int edge : way_) {
      edges_[edge].room -= amount;
      edges_[edge ^ 1].room += amount;
      pushed_.emplace_back(edge, amount);
    }
    return amount;
  }

  int rows_;
  std::vector<int> edge_of_;  // per position: its edge forth; the one back follows
  std::vector<Edge> edges_;
  std::vector<std::vector<int>> edges_of_;  // per node
  std::vector<std::pair<int, int64_t>> pushed_;
  std::vector<uint64_t> mark_;  // per node
  uint64_t marks_ = 0;
  std::vector<int> by_;  // per node: the edge of the way to it, or from it to the goal
  std::vector<int> ahead_, behind_, way_;
  int meeting_ = 0;
};

// More dimensions: the greatest single hypercube of hidden cells, counted through one after the other.
class CubeAuditor : public Auditor {
 public:
  CubeAuditor(const History& history, const Scope& scope) : history_(history), scope_(scope) {}

  int64_t Rise(int position, int64_t enough) override { return Greatest(position, false, kEndless, enough); }
  int64_t Fall(int position, int64_t enough) override {
    return Greatest(position, true, scope_.fall[position], enough);
  }

 private:
  int64_t Greatest(int position, bool falls, int64_t own, int64_t enough) const {
    const std::vector<int>& here = history_.at(position);
    std::vector<int> opposite(here.size(), 0);
    int64_t greatest = 0;
    while (greatest < enough) {
      greatest = std::max(greatest, std::min(own, Bound(here, opposite, falls)));
      size_t i = 0;
      while (i < opposite.size() && ++opposite[i] == history_.sizes()[i]) opposite[i++] = 0;
      if (i == opposite.size()) break;
    }
    return std::min(greatest, enough);
  }

  // By how much the hypercube between two places can change; 0 when it is none or one of its corners is
  // printed.
  int64_t Bound(const std::vector<int>& here, const std::vector<int>& opposite, bool falls) const {
    for (size_t i = 0; i < here.size(); ++i) {
      if (here[i] == opposite[i]) return 0;
    }
    int64_t bound = kEndless;
    for (size_t corner = 1; corner < size_t{1} << here.size(); ++corner) {
      int64_t code = 0;
      bool corner_falls = falls;
      for (size_t i = 0; i < here.size(); ++i) {
        const bool far = (corner >> i & 1) != 0;
        code += (far ? opposite[i] : here[i]) * history_.stride(static_cast<int>(i));
        if (far && here[i] != 0 && opposite[i] != 0) corner_falls = !corner_falls;
      }
      const int position = history_.Find(code);
      if (position < 0 || scope_.freedom[position] != Freedom::kFree) return 0;
      if (corner_falls) bound = std::min(bound, scope_.fall[position]);
    }
    return bound;
  }

  const History& history_;
  const Scope& scope_;
};

// What is printed that must not be.
absl::Status CheckPrinted(const SmallCounts& rule, const History& history, const CountTable& table) {
  for (size_t i = 0; i < table.cells.size(); ++i) {
    const CountCell& cell = table.cells[i];
    const int position = history.PositionOf(i);
    if (cell.suppressed || history.Known(position)) continue;
    const std::string key = KeyText(table.dimensions, cell.key);
    if (cell.primary) return absl::InternalError(fmt::format("the cell {} is primary and printed", key));
    if (cell.count < rule.threshold && (cell.count != 0 || rule.zeros_disclosive)) {
      return absl::InternalError(
          fmt::format("the count of {} is less than the threshold {} and printed", key, rule.threshold));
    }
    const int close = history.CloseTo(position, rule.threshold);
    if (close < 0) continue;
    return absl::InternalError(fmt::format("the count of {} is printed and differs by less than {} from {}",
                                           key, rule.threshold, history.name(close)));
  }
  return absl::OkStatus();
}

absl::Status CheckHidden(const SmallCounts& rule, const History& history, const CountTable& table) {
  const std::vector<Scope> scopes = history.Scopes();
  std::vector<std::unique_ptr<Auditor>> auditors;
  for (const Scope& scope : scopes) {
    if (history.dimensions() <= 2) {
      auditors.push_back(std::make_unique<FlowAuditor>(history, scope));
    } else {
      auditors.push_back(std::make_unique<CubeAuditor>(history, scope));
    }
  }
  for (const Secret& secret : history.Secrets()) {
    int64_t rise = 0, fall = 0;
    for (size_t i = 0; i < scopes.size() && rise + fall < rule.threshold; ++i) {
      if ((secret.run & ~scopes[i].releases) != 0) continue;
      if (scopes[i].freedom[secret.position] != Freedom::kFree) continue;
      rise = std::max(rise, auditors[i]->Rise(secret.position, rule.threshold));
      if (rise < rule.threshold) fall = std::max(fall, auditors[i]->Fall(secret.position, rule.threshold));
    }
    if (rise + fall >= rule.threshold) continue;
    const auto cell = std::find_if(table.cells.begin(), table.cells.end(), [&](const CountCell& candidate) {
      return history.PositionOf(&candidate - table.cells.data()) == secret.position;
    });
    return absl::InternalError(fmt::format(
        "the suppressed count of {} can be computed to within {} from what is printed; less than {} may not "
        "be",
        cell == table.cells.end() ? "a cell of an earlier release" : KeyText(table.dimensions, cell->key),
        rise + fall, rule.threshold));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifySuppression(const SmallCounts& rule, const std::vector<EarlierTable>& earlier,
                               const CountTable& table) {
  ASSIGN_OR_RETURN(const History history, History::Read(earlier, table));
  RETURN_IF_ERROR(CheckPrinted(rule, history, table));
  if (!rule.secondary || rule.threshold < 1) return absl::OkStatus();
  return CheckHidden(rule, history, table);
}

}  // namespace concordat::sharing
