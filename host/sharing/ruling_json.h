// The JSON of `explain --json`, and of the ruling that stands beside every exchange.
#pragma once

#include "host/base/json.h"
#include "host/record/ruling.h"

namespace concordat::sharing {

/// {decision: permit | deny, clause, cause, message, release: [{field, form}], rows, duties, quality:
/// [{condition, measured}], caveats, mend, protocol: {id, version, digest}, share}; null where there is
/// nothing to say.
json::Object RulingJson(const record::Ruling& ruling);

}  // namespace concordat::sharing
