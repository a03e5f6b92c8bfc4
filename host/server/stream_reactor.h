// A server stream whose messages are made one after another on the pool.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <functional>
#include <utility>

#include "host/server/service_base.h"

namespace concordat::server {

/// `next` runs on the pool and fills the message: true sends it and asks again, false ends the stream well, a
/// status ends it. Owns itself; gone after OnDone.
template <typename Message>
class StreamReactor : public grpc::ServerWriteReactor<Message> {
 public:
  using Next = std::function<absl::StatusOr<bool>(Message&)>;

  StreamReactor(const ServerParts& parts, Next next) : parts_(parts), next_(std::move(next)) { Continue(); }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      this->Finish(grpc::Status::CANCELLED);
      return;
    }
    Continue();
  }
  void OnDone() override { delete this; }

 private:
  void Continue() {
    parts_.pool->Post([this] {
      message_.Clear();
      const absl::StatusOr<bool> more = next_(message_);
      if (more.ok() && *more) {
        this->StartWrite(&message_);
      } else {
        this->Finish(ToGrpc(more.status()));
      }
    });
  }

  const ServerParts& parts_;
  const Next next_;
  Message message_;
};

}  // namespace concordat::server
