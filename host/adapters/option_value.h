// Values of an adapter's options: the same check for the manifest's defaults and for what a feed says.
#pragma once

#include <string>

#include "host/adapters/manifest.h"

namespace concordat::adapters {

/// Why `text` is no value of the option ("must be true or false"), or "" when it is one.
std::string WhyNoValue(const ManifestOption& option, const std::string& text);

}  // namespace concordat::adapters
