// Properties of an ODCS object as the fields of a record.
#pragma once

#include <string>
#include <vector>

#include "host/data/schema.h"
#include "host/policy/node.h"

namespace concordat::policy {

/// The fields of `object` (an element of the contract's `schema`) in written order. Warns once an object of
/// fields without classification and of nested ones, which a flat record keeps as text.
data::Schema ReadFields(const Node& object, std::string dataset, Issues& issues);

/// Names of the properties with primaryKey: true, by primaryKeyPosition, then as written.
std::vector<std::string> ReadPrimaryKey(const Node& object);
/// Fields tagged quasi-identifier: together with others they can tell people apart.
std::vector<std::string> ReadQuasiIdentifiers(const Node& object);

/// The logicalType of a property; objects, arrays and properties without one are text.
data::LogicalType ReadLogicalType(const Node& property);

}  // namespace concordat::policy
