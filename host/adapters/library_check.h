// What can be told of a library before anything of it runs: from its bytes alone.
#pragma once

#include <string>
#include <string_view>

#include "host/adapters/manifest.h"

namespace concordat::adapters {

/// Why `library` cannot be an adapter on this machine, one sentence that begins with "its library"; "" when
/// nothing speaks against it. Reads ELF (System V gABI) with every offset checked: the bytes are a
/// stranger's.
std::string WhyNoAdapter(std::string_view library, const std::string& file);

/// Why this host and the adapter have no version of the ABI in common, by the manifest; "" when they have.
std::string WhyOtherAbi(const Manifest& manifest);

}  // namespace concordat::adapters
