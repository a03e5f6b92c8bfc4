// Reading YAML strictly, with places; the only door to yaml-cpp.
#pragma once

#include <memory>

#include "host/base/source.h"
#include "host/policy/node.h"

namespace concordat::policy {

/// Of one file. More than any policy needs, little enough to be read in well under a second.
struct ReadLimits {
  size_t bytes = 4 << 20;
  size_t nodes = 200'000;
  int depth = 64;
};

/// One YAML document as a tree. Reports into `issues` bytes that are not UTF-8, syntax errors, limits
/// exceeded and several documents (these break reading off: the answer is absent), and duplicate keys,
/// anchors, aliases, merge keys, tags and keys that are no scalars (these are left out of the tree).
/// Boolean-looking (yes, on, y) and octal-looking (010) plain words are judged where a boolean or a number is
/// expected, by Fields.
Node ReadYaml(std::shared_ptr<const SourceText> source, Issues& issues, const ReadLimits& limits = {});

}  // namespace concordat::policy
