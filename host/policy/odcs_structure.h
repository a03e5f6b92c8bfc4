// Is a document built as ODCS v3.1 asks? The verdict of the standard's JSON Schema, with places and plain
// words.
#pragma once

#include "host/policy/node.h"

namespace concordat::policy {

/// Reports every departure from the structure of the standard (read over the JSON view of the document). No
/// error: the official schema accepts the document, formats asserted.
void CheckStructure(const Node& document, Issues& issues);

}  // namespace concordat::policy
