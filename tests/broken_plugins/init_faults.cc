// Adapters that are broken before the first record; a definition says how.
#include <csignal>
#include <cstring>

#include "plugins/sdk/adapter_abi.h"

#define EXPORTED extern "C" __attribute__((visibility("default")))

#ifdef FAULT_no_symbol
EXPORTED int32_t concordat_adaptor_init() { return 0; }  // a misspelt name
#else

namespace {

int32_t Submit(concordat_adapter*, ArrowArrayStream*, concordat_error*) { return CONCORDAT_FAILED; }

#ifdef FAULT_crash_in_constructor
struct Crash {
  Crash() { raise(SIGSEGV); }
} crash;
#endif

}  // namespace

EXPORTED int32_t concordat_adapter_init(uint32_t, const concordat_host*, concordat_adapter* adapter,
                                        concordat_error* error) {
  adapter->abi = CONCORDAT_ABI;
  adapter->submit = &Submit;
#ifdef FAULT_no_submit
  adapter->submit = nullptr;
#endif
#ifdef FAULT_newer_abi
  return CONCORDAT_ABI_UNSUPPORTED;
#endif
#ifdef FAULT_lying_abi
  adapter->abi = 7;
#endif
#ifdef FAULT_refusing
  std::strcpy(error->message, "the licence has run out");
  return CONCORDAT_FAILED;
#endif
  (void)error;
  return CONCORDAT_OK;
}

#endif
