#include <algorithm>

#include "host/sharing/duties/duty.h"

namespace concordat::sharing {

const std::vector<DutyKind>& FieldDuties() {
  static const std::vector<DutyKind> kDuties = {
      ReleaseDuty(), MaskDuty(), PseudonymiseDuty(), GeneraliseDuty(), RoundDuty(), RedactDuty(),
  };
  return kDuties;
}

const DutyKind* FindDuty(std::string_view name) {
  const std::vector<DutyKind>& duties = FieldDuties();
  const auto found =
      std::find_if(duties.begin(), duties.end(), [&](const DutyKind& duty) { return duty.name == name; });
  return found == duties.end() ? nullptr : &*found;
}

}  // namespace concordat::sharing
