// References between the parts of an ODCS document: "object.property" by name, "schema/id/properties/id" by
// id.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/policy/node.h"

namespace concordat::policy {

/// What a reference means within one document.
struct Reference {
  enum class Outcome {
    kProperty,     // a property of an object of this document
    kMissing,      // well formed, but this document has no such object or property
    kExternal,     // points into another document
    kNotProperty,  // points at something that is no property: an object, a server
  };
  Outcome outcome = Outcome::kMissing;
  std::string object;    // its name; set for kProperty
  std::string property;  // the name of the outermost property; set for kProperty
};

/// Looks a reference up in `document`, a whole contract.
Reference FindReference(const Node& document, std::string_view reference);

/// A relationship's `from` or `to` as a list, whether it is one reference or several.
std::vector<Node> ReferenceList(const Node& from_or_to);

}  // namespace concordat::policy
