// What a signature of an adapter covers.
#pragma once

#include "host/base/json.h"
#include "host/policy/node.h"

namespace concordat::adapters {

/// All of a manifest but its `signature`, every value as the text that it is read from (`1.10` is not `1.1`),
/// quoted or not. Empty when the document is no map.
json::Object SignableValue(const policy::Node& document);

}  // namespace concordat::adapters
