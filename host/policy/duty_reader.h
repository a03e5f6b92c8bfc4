// Duties of a share as they are written in YAML: on single fields, on groups, and on the output as a whole.
#pragma once

#include <optional>

#include "host/policy/sharing_protocol.h"

namespace concordat::policy {

/// `month: release` or `crime_id: {pseudonymise: {scope: protocol}}`; nothing when it cannot be read.
std::optional<FieldDuty> ReadFieldDuty(const Node::Member& member, Issues& issues);

/// `aggregate: {by: [ward, month], via: {ward: lsoa_to_ward}, measures: {crimes: count}}`.
Aggregate ReadAggregate(const Node& node, Issues& issues);

/// `duties: [{k_anonymity: {...}}, {small_counts: {...}}, {differencing: {...}}]`.
void ReadWholeDuties(Fields& fields, Share& share);

}  // namespace concordat::policy
