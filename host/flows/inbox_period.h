// Which period a file is for, as people write it into the names of files and folders.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "host/policy/partnership.h"
#include "host/policy/period.h"

namespace concordat::flows {

/// What a name says. Each span of days once, in the order of the name.
struct NamedPeriods {
  std::vector<policy::Period> fitting;  // periods that the feed's schedule has, named as it names them
  std::vector<policy::Period> others;   // of another length: a day of export, a year
};

/// Understands, in any case and with any of " -_.,()" between the parts: 2019-01, 201901, 01-2019, Jan 2019,
/// January-19, 2018-19 Q3, Q3 2018/19, FY2018-19, 2018-2019, 2019-Q3, 2019 W05, 2019-01-31, 20190131,
/// 31-01-2019, 2019. What may be read in two ways (2010-11: a month and a financial year) is read as the
/// schedule has it. Without a schedule all fit.
NamedPeriods PeriodsInName(std::string_view name, const std::optional<policy::Duration>& every,
                           const policy::Partnership& partnership);

}  // namespace concordat::flows
