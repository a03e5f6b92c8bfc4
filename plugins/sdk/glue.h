// Between the C tables and a class derived from Adapter: noexcept trampolines, written once for all adapters.
#pragma once

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "plugins/sdk/adapter.h"
#include "plugins/sdk/arrow_export.h"

namespace concordat::sdk {

/// Runs `work`, which returns a Status; whatever it throws is a failure of the adapter.
template <typename Work>
Status Guarded(Work&& work) noexcept {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Status::Failed("out of memory");
  } catch (const std::exception& thrown) {
    return Status::Failed(thrown.what());
  } catch (...) {
    return Status::Failed("something was thrown that is no std::exception");
  }
}

/// Copies a status into the worker's error, cut to what fits.
inline int32_t Tell(const Status& status, concordat_error* error) noexcept {
  if (!status.ok() && error != nullptr) {
    const size_t size = std::min(status.message().size(), sizeof error->message - 1);
    std::memcpy(error->message, status.message().data(), size);
    error->message[size] = '\0';
  }
  return status.code();
}

template <typename Class>
class Glue {
 public:
  static int32_t Init(uint32_t host_abi, const concordat_host* host, concordat_adapter* adapter,
                      concordat_error* error) noexcept {
    // Exactly this one: a newer number means that something changed its meaning.
    if (host_abi != CONCORDAT_ABI) return CONCORDAT_ABI_UNSUPPORTED;
    if (host->struct_size < CONCORDAT_HOST_SIZE_V1 || adapter->struct_size < CONCORDAT_ADAPTER_SIZE_V1)
      return Tell(Status::Failed("the worker's tables are smaller than version 1 of the ABI has them"),
                  error);
    const Status status = Guarded([&] {
      adapter->private_data = new Glue(host);
      return Status::Ok();
    });
    adapter->abi = CONCORDAT_ABI;
    adapter->submit = &Submit;
    if constexpr (Overrides(&Class::Validate, &Adapter::Validate)) adapter->validate = &Validate;
    if constexpr (Overrides(&Class::Score, &Adapter::Score)) adapter->score = &Score;
    adapter->release = &Release;
    return Tell(status, error);
  }

 private:
  explicit Glue(const concordat_host* host) : host_(host), adapter_(Host(host)) {}

  // A verb that the class does not override is not offered at all, so that the worker need not prepare its
  // call.
  template <typename Own, typename Inherited>
  static constexpr bool Overrides(Own, Inherited) {
    return !std::is_same_v<Own, Inherited>;
  }

  static Glue& Of(concordat_adapter* self) { return *static_cast<Glue*>(self->private_data); }
  static Glue& Of(ArrowArrayStream* stream) { return *static_cast<Glue*>(stream->private_data); }

  static int32_t Submit(concordat_adapter* self, ArrowArrayStream* out, concordat_error* error) noexcept {
    Glue& glue = Of(self);
    const Status status = Guarded([&] { return glue.adapter_.Open(glue.columns_); });
    if (!status.ok()) return Tell(status, error);
    *out = {};
    out->get_schema = &GetSchema;
    out->get_next = &GetNext;
    out->get_last_error = [](ArrowArrayStream* stream) { return Of(stream).last_.message().c_str(); };
    out->release = [](ArrowArrayStream* stream) { stream->release = nullptr; };
    out->private_data = &glue;
    return CONCORDAT_OK;
  }

  static int GetSchema(ArrowArrayStream* stream, ArrowSchema* out) noexcept {
    Glue& glue = Of(stream);
    glue.last_ = Guarded([&] {
      ExportedSchema::Export(glue.columns_, out);
      return Status::Ok();
    });
    return glue.last_.code();
  }

  static int GetNext(ArrowArrayStream* stream, ArrowArray* out) noexcept {
    Glue& glue = Of(stream);
    *out = {};
    glue.last_ = Guarded([&] { return glue.NextBatch(out); });
    return glue.last_.code();
  }

  Status NextBatch(ArrowArray* out) {
    BatchBuilder batch(pool_->Take(columns_.size()), host_->batch_rows, host_->batch_bytes);
    if (Status status = adapter_.Read(batch); !status.ok()) return status;
    const size_t rows = batch.rows();
    if (rows == 0) return Status::Ok();
    Status status = ExportedBatch::Export(std::move(batch), next_record_, pool_, out);
    next_record_ += rows;
    return status;
  }

  static int32_t Validate(concordat_adapter* self, const ArrowSchema* schema, const ArrowArray* batch,
                          const uint64_t* records, concordat_error* error) noexcept {
    return Tell(Guarded([&] { return Of(self).adapter_.Validate(TableView(*schema, *batch), records); }),
                error);
  }

  static int32_t Score(concordat_adapter* self, concordat_error* error) noexcept {
    return Tell(Guarded([&] { return Of(self).adapter_.Score(); }), error);
  }

  static void Release(concordat_adapter* self) noexcept {
    delete static_cast<Glue*>(self->private_data);
    self->private_data = nullptr;
  }

  const concordat_host* const host_;
  Class adapter_;
  std::vector<std::string> columns_;
  const std::shared_ptr<BuilderPool> pool_ = std::make_shared<BuilderPool>();
  uint64_t next_record_ = 1;
  Status last_;
};

}  // namespace concordat::sdk
