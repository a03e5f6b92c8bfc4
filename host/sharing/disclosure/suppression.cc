#include "host/sharing/disclosure/suppression.h"

#include <algorithm>
#include <bit>
#include <deque>
#include <memory>

#include "fmt/format.h"
#include "host/sharing/disclosure/history.h"
#include "host/sharing/disclosure/moves.h"

namespace concordat::sharing {
namespace {

// Why the interval of a secret is wide enough: it rises and falls by moves of these cells.
struct Proof {
  int64_t rise = 0, fall = 0;
  std::vector<int> rise_cells, fall_cells;
  int64_t width() const { return rise + fall; }
};

struct Ward {
  Secret secret;
  Proof proof;
  bool alive = true;
};

// Chooses what to suppress in the newest table of a history.
class Planner {
 public:
  Planner(const SmallCounts& rule, const CountTable& table, History history)
      : rule_(rule), table_(table), history_(std::move(history)) {}

  absl::Status Plan() {
    MarkPrimary();
    if (!rule_.secondary || rule_.threshold < 1) return absl::OkStatus();
    scopes_ = history_.Scopes();
    mover_ = history_.dimensions() <= 2 ? MakeFlows(history_) : MakeHypercubes(history_);
    users_.resize(history_.positions());
    for (const Secret& secret : history_.Secrets()) wards_.push_back({secret});
    for (size_t i = 0; i < wards_.size(); ++i) RETURN_IF_ERROR(Protect(i));
    PrintWhatCan();
    return absl::OkStatus();
  }

  void WriteTo(CountTable& table) const {
    for (size_t i = 0; i < table.cells.size(); ++i) {
      const int position = history_.PositionOf(i);
      table.cells[i].suppressed = Suppressed(position);
      table.cells[i].primary = primary_[position];
    }
  }

 private:
  bool Suppressed(int position) const { return history_.figure(history_.newest(), position).suppressed; }

  bool TooSmall(int position) const {
    const int64_t count = history_.figure(history_.newest(), position).count;
    if (count < rule_.threshold && (count > 0 || rule_.zeros_disclosive)) return true;
    return history_.CloseTo(position, rule_.threshold) >= 0;
  }

  void MarkPrimary() {
    primary_.assign(history_.positions(), false);
    kept_.assign(history_.positions(), false);
    for (size_t i = 0; i < table_.cells.size(); ++i) {
      const int position = history_.PositionOf(i);
      const bool known = history_.Known(position);
      primary_[position] = !known && (table_.cells[i].primary || TooSmall(position));
      kept_[position] = primary_[position] || (!known && rule_.secondary && history_.HiddenBefore(position));
      history_.SetSuppressed(position, kept_[position]);
    }
  }

  bool Within(const Secret& secret, const Scope& scope) const { return (secret.run & ~scope.releases) == 0; }

  Proof Prove(const Secret& secret) {
    Proof proof;
    for (const Scope& scope : scopes_) {
      if (!Within(secret, scope) || scope.freedom[secret.position] != Freedom::kFree) continue;
      for (const bool rise : {true, false}) {
        if (proof.width() >= rule_.threshold) return proof;
        const int64_t wanted = rule_.threshold - (rise ? proof.fall : proof.rise);
        Move move = mover_->Find(scope, {.position = secret.position, .rise = rise, .amount = wanted});
        if (move.amount <= (rise ? proof.rise : proof.fall)) continue;
        (rise ? proof.rise : proof.fall) = move.amount;
        (rise ? proof.rise_cells : proof.fall_cells) = std::move(move.positions);
      }
    }
    return proof;
  }

  void Keep(size_t index, Proof proof) {
    users_[wards_[index].secret.position].push_back(index);
    for (const int position : proof.rise_cells) users_[position].push_back(index);
    for (const int position : proof.fall_cells) users_[position].push_back(index);
    wards_[index].proof = std::move(proof);
  }

  absl::Status Protect(size_t index) {
    while (true) {
      const Secret secret = wards_[index].secret;
      Proof proof = Prove(secret);
      if (proof.width() >= rule_.threshold) {
        Keep(index, std::move(proof));
        return absl::OkStatus();
      }
      const Remedy remedy = Cheapest(secret, proof);
      bool progress = false;
      for (const int position : remedy.positions) progress |= SuppressToo(position);
      if (!progress) return Unprotectable(secret);
    }
  }

  Remedy Cheapest(const Secret& secret, const Proof& proof) {
    Remedy best;
    const Gap gap{secret.position, rule_.threshold, proof.rise, proof.fall};
    for (const Scope& scope : scopes_) {
      const Freedom own = scope.freedom[secret.position];
      if (!Within(secret, scope) || own == Freedom::kFixed) continue;
      Remedy remedy = mover_->Mend(scope, gap);
      if (!remedy.found) continue;
      if (own == Freedom::kCould) {
        remedy.positions.push_back(secret.position);
        remedy.cost += CostOf(history_, secret.position);
      }
      if (!best.found || remedy.cost < best.cost) best = std::move(remedy);
    }
    return best;
  }

  bool SuppressToo(int position) {
    const Figure& figure = history_.figure(history_.newest(), position);
    if (figure.standing != Standing::kStands || figure.suppressed) return false;
    Set(position, true);
    wards_.push_back({{position, history_.RunOf(history_.newest(), position)}});
    return true;
  }

  void Set(int position, bool suppressed) {
    history_.SetSuppressed(position, suppressed);
    for (Scope& scope : scopes_) {
      if ((scope.releases >> history_.newest() & 1) == 0) continue;
      Freedom& freedom = scope.freedom[position];
      if (freedom != Freedom::kFixed) freedom = suppressed ? Freedom::kFree : Freedom::kCould;
    }
  }

  // What was suppressed for others on the way and is not needed in the end, the greatest loss first.
  void PrintWhatCan() {
    std::vector<int> candidates;
    for (int position = 0; position < history_.positions(); ++position) {
      if (Suppressed(position) && !kept_[position]) candidates.push_back(position);
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [&](int a, int b) { return CostOf(history_, a) > CostOf(history_, b); });
    for (const int position : candidates) TryToPrint(position);
  }

  void TryToPrint(int position) {
    std::vector<size_t> users;
    users.swap(users_[position]);
    std::sort(users.begin(), users.end());
    users.erase(std::unique(users.begin(), users.end()), users.end());
    Set(position, false);
    std::vector<std::pair<size_t, Proof>> proofs;
    for (const size_t user : users) {
      if (!wards_[user].alive || IsOf(wards_[user], position)) continue;
      Proof proof = Prove(wards_[user].secret);
      if (proof.width() < rule_.threshold) {
        users_[position] = std::move(users);
        return Set(position, true);
      }
      proofs.emplace_back(user, std::move(proof));
    }
    for (auto& [user, proof] : proofs) Keep(user, std::move(proof));
    for (Ward& ward : wards_) ward.alive = ward.alive && !IsOf(ward, position);
  }

  // Whether the ward is today's figure at the position: once printed it needs no protection.
  bool IsOf(const Ward& ward, int position) const {
    return ward.secret.position == position && (ward.secret.run >> history_.newest() & 1) != 0;
  }

  absl::Status Unprotectable(const Secret& secret) const {
    int release = std::countr_zero(secret.run);
    if (release == history_.newest()) release = std::max(0, release - 1);
    const auto cell = KeyOf(secret.position);
    return absl::FailedPreconditionError(
        fmt::format("the count of {} cannot be protected: with the figures that the same party has from {} "
                    "it could be computed to "
                    "within less than {}, whatever else is suppressed now; nothing of this release may "
                    "leave. Ask for the table as it was, "
                    "for a coarser one, or when {} is older than the differencing window",
                    cell, history_.name(release), rule_.threshold, history_.name(release)));
  }

  std::string KeyOf(int position) const {
    for (size_t i = 0; i < table_.cells.size(); ++i) {
      if (history_.PositionOf(i) == position) return KeyText(table_.dimensions, table_.cells[i].key);
    }
    return "a cell that this table no longer has";
  }

  const SmallCounts& rule_;
  const CountTable& table_;
  History history_;
  std::vector<Scope> scopes_;
  std::unique_ptr<Mover> mover_;
  std::vector<bool> primary_, kept_;        // per position; kept: may not be printed again
  std::deque<Ward> wards_;                  // grows while it is worked through
  std::vector<std::vector<size_t>> users_;  // per position: wards whose proof uses it
};

absl::Status Choose(const SmallCounts& rule, const std::vector<EarlierTable>& earlier, CountTable& table) {
  for (CountCell& cell : table.cells) cell.suppressed = false;
  ASSIGN_OR_RETURN(History history, History::Read(earlier, table));
  Planner planner(rule, table, std::move(history));
  RETURN_IF_ERROR(planner.Plan());
  planner.WriteTo(table);
  return absl::OkStatus();
}

}  // namespace

absl::Status Suppress(const SmallCounts& rule, const std::vector<EarlierTable>& earlier, CountTable& table) {
  const absl::Status status = Choose(rule, earlier, table);
  if (status.ok()) return status;
  for (CountCell& cell : table.cells) cell.suppressed = true;
  return status;
}

std::string Printed(const SmallCounts& rule, const CountCell& cell) {
  if (cell.suppressed) return "[c]";
  if (rule.round_to <= 1) return fmt::format("{}", cell.count);
  const int64_t rest = cell.count % rule.round_to;
  const bool up = rest >= rule.round_to - rest;
  return fmt::format("{}", cell.count - rest + (up ? rule.round_to : 0));
}

}  // namespace concordat::sharing
