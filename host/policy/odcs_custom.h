// The extension points of ODCS: customProperties, a list of {property, value}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/base/source.h"
#include "host/policy/node.h"

namespace concordat::policy {

/// The value of the named custom property of `owner`; absent when there is none.
Node CustomProperty(const Node& owner, std::string_view property);

/// A list of scalars as texts, nulls left out; another shape is an error at its place. `what` names it in the
/// message.
std::vector<std::string> TextList(const Node& list, std::string_view what, Issues& issues);

/// An error at `place`; `what` is "id" or "name". In one wording, so that a
/// mistake that is seen from two sides is shown once.
void ReportDuplicate(const Place& place, std::string_view what, std::string_view text, const Place& first,
                     Issues& issues);

/// At most five names and how many more: "a, b and 3 more".
std::string NamesInWords(const std::vector<std::string>& names);

}  // namespace concordat::policy
