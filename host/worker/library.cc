#include "host/worker/library.h"

#include <exception>
#include <string_view>

#include "boost/dll/shared_library.hpp"
#include "fmt/format.h"

namespace concordat::worker {
namespace {

// Boost's message repeats the path, which here is a descriptor that tells nobody anything.
std::string Cause(const std::exception& thrown, const std::string& path) {
  std::string text = thrown.what();
  for (size_t at = text.find(path); at != std::string::npos; at = text.find(path))
    text.replace(at, path.size(), "library");
  return text;
}

}  // namespace

absl::StatusOr<concordat_adapter_init_function> OpenLibrary(const std::string& path) {
  // Never freed, and so never closed.
  auto* library = new boost::dll::shared_library();
  try {
    library->load(path, boost::dll::load_mode::rtld_now);
  } catch (const std::exception& thrown) {
    return absl::AbortedError(fmt::format("its library could not be opened: {}", Cause(thrown, path)));
  }
  if (!library->has(CONCORDAT_ADAPTER_INIT)) {
    return absl::AbortedError("its library does not export " CONCORDAT_ADAPTER_INIT ": it is no adapter");
  }
  return library->get<std::remove_pointer_t<concordat_adapter_init_function>>(CONCORDAT_ADAPTER_INIT);
}

}  // namespace concordat::worker
