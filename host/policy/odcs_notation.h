// The words in which the tables of odcs_model.h are written.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "host/policy/odcs_model.h"

namespace concordat::policy::odcs {

using Words = std::vector<std::string>;

inline constexpr Type kAny{Form::kAny};
inline constexpr Type kText{Form::kText};
inline constexpr Type kBoolean{Form::kBoolean};
inline constexpr Type kNumber{Form::kNumber};
inline constexpr Type kInteger{Form::kInteger};
inline constexpr Type kCount{Form::kCount};
inline constexpr Type kId{Form::kId};
inline constexpr Type kMap{Form::kMap};
inline constexpr bool kRequired = true;

inline Type Of(Shape shape) { return {Form::kShape, shape}; }
inline Type ListOf(Shape shape) { return {Form::kShape, shape, nullptr, true}; }
inline Type ListOf(Form form) { return {form, Shape::kContract, nullptr, true}; }
/// `words` must outlive all use of the type.
inline Type OneOf(const Words& words) { return {Form::kWord, Shape::kContract, &words}; }

/// The word under `key` when it is one of those that may stand there.
inline std::string WordOf(const Node& map, std::string_view key, const Words& words) {
  const Node word = map[key];
  const bool known = word.is_scalar() && std::find(words.begin(), words.end(), word.text()) != words.end();
  return known ? word.text() : "";
}

}  // namespace concordat::policy::odcs
