#include "host/server/sandbox_config.h"

#include "fmt/format.h"
#include "host/policy/fields.h"
#include "host/policy/names.h"

namespace concordat::server {
namespace {

// `seen`: what stands in either list so far.
uint32_t ReadLayers(policy::Fields& fields, std::string_view key, uint32_t& seen) {
  uint32_t layers = 0;
  const std::vector<std::string> words = fields.Texts(key);
  for (size_t i = 0; i < words.size(); ++i) {
    const Place place = policy::EntryOf(fields.map(), key, i).place();
    const uint32_t layer = adapters::SandboxLayerOf(words[i]);
    if (layer == 0) {
      fields.issues().Error(place, "unknown-word", fmt::format("\"{}\" is no layer of the sandbox", words[i]),
                            DidYouMean(words[i], adapters::SandboxLayerWords()));
    } else if (seen & layer) {
      fields.issues().Error(place, "twice", fmt::format("\"{}\" stands here twice", words[i]),
                            "a layer is required or preferred");
    }
    seen |= layer;
    layers |= layer;
  }
  return layers;
}

}  // namespace

adapters::SandboxPolicy ReadSandbox(const policy::Node& node, Issues& issues) {
  adapters::SandboxPolicy sandbox;
  if (!node.present()) return sandbox;
  policy::Fields fields(node, "sandbox", issues);
  uint32_t seen = 0;
  const bool required = fields.Has("required");
  const bool preferred = fields.Has("preferred");
  const uint32_t must = ReadLayers(fields, "required", seen);
  const uint32_t should = ReadLayers(fields, "preferred", seen);
  if (required) sandbox.required = must;
  sandbox.preferred = (preferred ? should : sandbox.preferred) & ~sandbox.required;
  // What only became preferred is no longer required.
  if (!required) sandbox.required &= ~should;
  fields.Finish();
  return sandbox;
}

}  // namespace concordat::server
