// A list of texts as JSON.
#pragma once

#include <string>
#include <vector>

#include "host/base/json.h"

namespace concordat::flows {

inline json::Array TextArray(const std::vector<std::string>& texts) {
  json::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

}  // namespace concordat::flows
