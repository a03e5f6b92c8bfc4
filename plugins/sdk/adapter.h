// The C++ face of the adapter ABI: derive from Adapter, override Open and Read (and Validate, Score when the
// partner's data asks for it), and end the file with CONCORDAT_ADAPTER(YourClass). Free of anything in host/;
// header only.
//
//   class TabSeparated : public concordat::sdk::Adapter {
//    public:
//     using Adapter::Adapter;
//     Status Open(std::vector<std::string>& columns) override;   // reads the header
//     Status Read(BatchBuilder& batch) override;                 // fills one batch; leaves it empty at the
//     end
//   };
//   CONCORDAT_ADAPTER(TabSeparated)
//
// An adapter may throw: what it throws becomes "the adapter failed". plugins/fire_and_rescue is a whole
// example.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/adapter_abi.h"
#include "plugins/sdk/batch_builder.h"
#include "plugins/sdk/host.h"
#include "plugins/sdk/status.h"
#include "plugins/sdk/table_view.h"

namespace concordat::sdk {

/// One run over one source. Made, called and destroyed on one thread.
class Adapter {
 public:
  explicit Adapter(const Host& host) : host_(host) {}
  virtual ~Adapter() = default;
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;

  /// Called once, first: looks at the source as far as needed and names its columns, in order.
  virtual Status Open(std::vector<std::string>& columns) = 0;
  /// Appends records until `batch.full()` or the source ends; an empty batch is the end. Records are numbered
  /// in the order in which they are added, unreadable ones included.
  virtual Status Read(BatchBuilder& batch) = 0;
  /// Optional. After each batch, as it stands after a steward's corrections: readable records, the source's
  /// columns. `records` holds their numbers, one a row of `batch`. Says what it finds with host().Report.
  virtual Status Validate(const TableView& batch, const uint64_t* records);
  /// Optional. After the last batch: host().ReportDimension for each dimension of the manifest that could be
  /// measured.
  virtual Status Score();

 protected:
  const Host& host() const { return host_; }

 private:
  const Host host_;
};

inline Status Adapter::Validate(const TableView&, const uint64_t*) { return Status::Ok(); }
inline Status Adapter::Score() { return Status::Ok(); }

}  // namespace concordat::sdk

#include "plugins/sdk/glue.h"

/// Defines the library's one exported symbol. Once, at the end of one file.
#define CONCORDAT_ADAPTER(Class)                                                                           \
  extern "C" __attribute__((visibility("default"))) int32_t concordat_adapter_init(                        \
      uint32_t host_abi, const concordat_host* host, concordat_adapter* adapter, concordat_error* error) { \
    return ::concordat::sdk::Glue<Class>::Init(host_abi, host, adapter, error);                            \
  }
