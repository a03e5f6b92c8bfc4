#include "tests/host/sharing/attack/lp_attacker.h"

#include <glpk.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "fmt/format.h"

namespace concordat::sharing {
namespace {

using Key = std::vector<std::string>;

bool Covers(const Key& margin, const Key& inner) {
  for (size_t i = 0; i < margin.size(); ++i) {
    if (margin[i] != kTotal && margin[i] != inner[i]) return false;
  }
  return true;
}

bool IsInner(const Key& key) {
  for (const std::string& value : key) {
    if (value == kTotal) return false;
  }
  return true;
}

struct Unknown {
  double value = 0;
  bool printed = false;
  bool suppressed = false;
  std::string name;
};

struct Last {
  int unknown = 0;
  int64_t count = 0;
  std::set<Key> beneath;
};

class Problem {
 public:
  explicit Problem(const std::vector<const CountTable*>& releases) : lp_(glp_create_prob()) {
    glp_term_out(GLP_OFF);
    for (size_t i = 0; i < releases.size(); ++i) Add(*releases[i], fmt::format("release {}", i));
    Load();
  }
  ~Problem() { glp_delete_prob(lp_); }

  AttackResult Solve() {
    AttackResult result;
    result.narrowest = std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < unknowns_.size(); ++i) {
      if (!unknowns_[i].suppressed || unknowns_[i].printed) continue;
      ++result.suppressed;
      const double width = Bound(i, GLP_MAX) - Bound(i, GLP_MIN);
      if (std::isnan(width)) return {result.suppressed, -1, "the solver gave up at " + unknowns_[i].name};
      if (width >= result.narrowest) continue;
      result.narrowest = width;
      result.where = unknowns_[i].name;
    }
    return result;
  }

 private:
  void Add(const CountTable& table, const std::string& release) {
    std::map<Key, int> here;
    for (const CountCell& cell : table.cells) {
      std::set<Key> beneath;
      if (!IsInner(cell.key)) {
        for (const CountCell& inner : table.cells) {
          if (IsInner(inner.key) && Covers(cell.key, inner.key)) beneath.insert(inner.key);
        }
      }
      const auto before = last_.find(cell.key);
      int unknown = static_cast<int>(unknowns_.size());
      if (before != last_.end() && before->second.count == cell.count && before->second.beneath == beneath) {
        unknown = before->second.unknown;
      } else {
        unknowns_.push_back({.value = static_cast<double>(cell.count),
                             .name = KeyText(table.dimensions, cell.key) + " of " + release});
      }
      (cell.suppressed ? unknowns_[unknown].suppressed : unknowns_[unknown].printed) = true;
      last_[cell.key] = {unknown, cell.count, std::move(beneath)};
      here[cell.key] = unknown;
    }
    for (const auto& [margin, unknown] : here) {
      if (IsInner(margin)) continue;
      std::vector<std::pair<int, double>> sum = {{unknown, -1}};
      for (const auto& [inner, part] : here) {
        if (IsInner(inner) && Covers(margin, inner)) sum.emplace_back(part, 1);
      }
      equations_.push_back(std::move(sum));
    }
  }

  void Load() {
    if (unknowns_.empty()) return;  // GLPK aborts on a problem of nothing
    glp_add_cols(lp_, static_cast<int>(unknowns_.size()));
    for (size_t i = 0; i < unknowns_.size(); ++i) {
      const double value = unknowns_[i].value;
      glp_set_col_bnds(lp_, static_cast<int>(i) + 1, unknowns_[i].printed ? GLP_FX : GLP_LO,
                       unknowns_[i].printed ? value : 0, value);
    }
    if (!equations_.empty()) glp_add_rows(lp_, static_cast<int>(equations_.size()));  // it aborts on none
    for (size_t i = 0; i < equations_.size(); ++i) {
      std::vector<int> columns = {0};
      std::vector<double> factors = {0};
      for (const auto& [unknown, factor] : equations_[i]) {
        columns.push_back(unknown + 1);
        factors.push_back(factor);
      }
      glp_set_row_bnds(lp_, static_cast<int>(i) + 1, GLP_FX, 0, 0);
      glp_set_mat_row(lp_, static_cast<int>(i) + 1, static_cast<int>(columns.size()) - 1, columns.data(),
                      factors.data());
    }
    glp_adv_basis(lp_, 0);
  }

  double Bound(size_t unknown, int direction) {
    const int column = static_cast<int>(unknown) + 1;
    glp_set_obj_coef(lp_, column, 1);
    glp_set_obj_dir(lp_, direction);
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    const int code = glp_simplex(lp_, &options);
    const int status = glp_get_status(lp_);
    const double bound = glp_get_obj_val(lp_);
    glp_set_obj_coef(lp_, column, 0);
    // A solver that gives up has found nothing: it must not look like a wide interval.
    if (code != 0) return std::numeric_limits<double>::quiet_NaN();
    if (status == GLP_UNBND) return direction == GLP_MAX ? std::numeric_limits<double>::infinity() : 0;
    return status == GLP_OPT ? bound : std::numeric_limits<double>::quiet_NaN();
  }

  glp_prob* lp_;
  std::vector<Unknown> unknowns_;
  std::vector<std::vector<std::pair<int, double>>> equations_;
  std::map<Key, Last> last_;
};

}  // namespace

AttackResult Attack(const std::vector<const CountTable*>& releases) { return Problem(releases).Solve(); }

}  // namespace concordat::sharing
