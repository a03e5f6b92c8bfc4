// What a contract can get wrong although its structure is right.
#pragma once

#include "host/policy/node.h"

namespace concordat::policy {

/// Errors: empty or duplicate ids and names, malformed relationships, composite keys of different lengths, a
/// price without currency or below zero. Warnings: references and SLA elements that the document does not
/// contain, arrays without items, support channels without url (the standard's own examples have them). Empty
/// metrics are reported where rules are read.
void CheckMeaning(const Node& document, Issues& issues);

}  // namespace concordat::policy
