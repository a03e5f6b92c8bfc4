// Reads one entry of a sharing protocol's `shares`.
#pragma once

#include "host/policy/sharing_protocol.h"

namespace concordat::policy {

/// Parties are the protocol's own: who gives may stand in `from`, who receives in `to`.
Share ReadShare(const Node& node, const std::vector<Party>& parties, Issues& issues);

}  // namespace concordat::policy
