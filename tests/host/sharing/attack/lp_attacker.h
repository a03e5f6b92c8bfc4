// What somebody can compute from printed tables by linear programming, knowing nothing of how cells were
// chosen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/sharing/disclosure/count_table.h"

namespace concordat::sharing {

/// What the attacker found out about the suppressed cells of the tables.
struct AttackResult {
  int suppressed = 0;    // unknowns attacked
  double narrowest = 0;  // width of the narrowest interval; infinite when all are without bound
  std::string where;     // whose it is
};

/// Attacks tables with all their margins, given to one party from oldest to newest. A cell that stands with
/// the same count as where it stood last (a margin: over the same cells, too) is one unknown.
AttackResult Attack(const std::vector<const CountTable*>& releases);

}  // namespace concordat::sharing
