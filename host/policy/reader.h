// Reading YAML strictly, with places; the only door to yaml-cpp.
#pragma once

#include <memory>

#include "host/base/source.h"
#include "host/policy/node.h"

namespace concordat::policy {

struct ReadLimits {
  size_t bytes = 4 << 20;
  size_t nodes = 200'000;
  int depth = 64;
};

/// One YAML document as a tree. Reports into `issues` and returns what could be read (absent when nothing could):
/// bytes that are not UTF-8, duplicate keys, anchors, aliases, merge keys, tags, several documents, keys that are no
/// plain scalars, limits exceeded. Boolean-looking (yes, on, y) and octal-looking (010) plain words are judged where
/// a boolean or a number is expected, by Fields.
Node ReadYaml(std::shared_ptr<const SourceText> source, Issues& issues, const ReadLimits& limits = {});

}  // namespace concordat::policy
