// `sandbox` of concordat.yaml: which walls around an adapter must stand, and which should.
#pragma once

#include "host/adapters/sandbox.h"
#include "host/base/source.h"
#include "host/policy/node.h"

namespace concordat::server {

/// {required: [seccomp, landlock, rlimits], preferred: [namespaces]}; a list that is left out, and a node
/// that is absent, are these. Unknown words and words that stand twice are mistakes at their place.
adapters::SandboxPolicy ReadSandbox(const policy::Node& node, Issues& issues);

}  // namespace concordat::server
