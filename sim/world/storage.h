// What a service has on its disk: slots (`save` replaces the one of its type), logs (`append`), and
// files. Writes gather while a sync is under way and become durable together when the next one ends
// (group commit); a crash forgets the rest. Messages sent after a write wait here for it.
//
// This is the machinery under Context::save, append, when_synced and disk(); a process reads what
// survived through `Recovered`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/cloned.h"
#include "sim/base/ids.h"
#include "sim/base/shared_log.h"
#include "sim/kernel/payload.h"
#include "sim/world/pending.h"

namespace seedbed {

/// One kind of durable thing of a service, with the writes to it that are not durable yet, oldest
/// first.
class DurableBase {
 public:
  enum class Step : std::uint8_t { kPut, kTruncate, kCompact };

  explicit DurableBase(const PayloadType* type) : type_(type) {}
  virtual ~DurableBase() = default;
  virtual std::unique_ptr<DurableBase> clone() const = 0;
  /// Makes the oldest pending write durable.
  virtual void apply(Step step, std::uint64_t index) = 0;
  /// Drops all pending writes.
  virtual void forget() = 0;
  /// The last `count` durable entries of a log become unreadable. Returns how many there were.
  virtual std::uint64_t lose_tail(std::uint64_t /*count*/) { return 0; }
  const PayloadType* type() const { return type_; }

 protected:
  DurableBase(const DurableBase&) = default;

 private:
  const PayloadType* type_;  // compared for equality only; null for the files
};

template <Described S>
class DurableSlot : public DurableBase {
 public:
  DurableSlot() : DurableBase(&kPayloadType<S>) {}
  std::unique_ptr<DurableBase> clone() const override {
    return std::make_unique<DurableSlot>(*this);
  }
  void apply(Step, std::uint64_t) override { durable = pending.pop(); }
  void forget() override { pending.clear(); }

  std::optional<S> durable;
  Pending<S> pending;
};

template <Described E>
class DurableLog : public DurableBase {
 public:
  DurableLog() : DurableBase(&kPayloadType<E>) {}
  std::unique_ptr<DurableBase> clone() const override {
    return std::make_unique<DurableLog>(*this);
  }
  void append(E entry) { written_.append(std::move(entry)); }
  /// An entry of the process's own log, which lies where it is.
  void append(const SharedLog<E>& log, std::uint64_t index) { written_.append(log, index); }
  void cut(Step step, std::uint64_t index) {
    before_cuts_.push(written_);
    cut(written_, step, index);
  }
  void apply(Step step, std::uint64_t index) override {
    if (step == Step::kPut) {
      const SharedLog<E>& source = before_cuts_.empty() ? written_ : before_cuts_.front();
      durable.append(source, durable.last_index() + 1);
    } else {
      before_cuts_.pop();
      cut(durable, step, index);
    }
  }
  void forget() override {
    before_cuts_.clear();
    written_ = durable;
  }
  std::uint64_t lose_tail(std::uint64_t count) override {
    const std::uint64_t lost = std::min<std::uint64_t>(count, durable.size());
    durable.truncate(durable.last_index() + 1 - lost);
    written_ = durable;
    return lost;
  }

  SharedLog<E> durable;

 private:
  static void cut(SharedLog<E>& log, Step step, std::uint64_t index) {
    if (step == Step::kTruncate) log.truncate(index);
    if (step == Step::kCompact) log.compact(index);
  }

  SharedLog<E> written_;               // what the log is once all writes are durable, ...
  Pending<SharedLog<E>> before_cuts_;  // ... and what it was before each cut that is not
};

/// A message that departs once what was written before it is durable.
struct HeldSend {
  Address to;
  Payload payload;
};

/// Writes that are synced together, and who waits for them.
struct WriteBatch {
  struct Write {
    std::uint32_t store = 0;
    DurableBase::Step step = DurableBase::Step::kPut;
    std::uint64_t index = 0;
  };
  std::vector<Write> writes;
  std::vector<HeldSend> sends;
  std::vector<Payload> tags;  // of when_synced

  void clear() {
    writes.clear();
    sends.clear();
    tags.clear();
  }
};

class Storage {
 public:
  template <Described S>
  void save(S state) {
    auto [store, index] = store_of<DurableSlot<S>>(&kPayloadType<S>);
    store.pending.push(std::move(state));
    gathering_.writes.push_back({index, DurableBase::Step::kPut, 0});
  }
  template <Described E>
  void append(E entry) {
    auto [store, index] = store_of<DurableLog<E>>(&kPayloadType<E>);
    store.append(std::move(entry));
    gathering_.writes.push_back({index, DurableBase::Step::kPut, 0});
  }
  /// An entry of the process's own log.
  template <Described E>
  void append(const SharedLog<E>& log, std::uint64_t at) {
    auto [store, index] = store_of<DurableLog<E>>(&kPayloadType<E>);
    store.append(log, at);
    gathering_.writes.push_back({index, DurableBase::Step::kPut, 0});
  }
  /// Drops `index` and everything after it (kTruncate) or up to and including it (kCompact).
  template <Described E>
  void cut_log(DurableBase::Step step, std::uint64_t index) {
    auto [store, number] = store_of<DurableLog<E>>(&kPayloadType<E>);
    store.cut(step, index);
    gathering_.writes.push_back({number, step, index});
  }
  /// The store of `type`, made at its first use (null: the files).
  template <class Store>
  std::pair<Store&, std::uint32_t> store_of(const PayloadType* type) {
    for (std::uint32_t i = 0; i < stores_.size(); ++i) {
      if (stores_[i]->type() == type) return {static_cast<Store&>(*stores_[i]), i};
    }
    stores_.emplace_back(std::make_unique<Store>());
    return {static_cast<Store&>(*stores_.back()), static_cast<std::uint32_t>(stores_.size() - 1)};
  }
  template <class Store>
  const Store* find(const PayloadType* type) const {
    for (const auto& store : stores_) {
      if (store->type() == type) return static_cast<const Store*>(store.get());
    }
    return nullptr;
  }

  void write(WriteBatch::Write write) { gathering_.writes.push_back(write); }

  /// Something written is not durable yet.
  bool dirty() const { return in_flight_ || !gathering_.writes.empty(); }
  void hold(HeldSend send) { newest().sends.push_back(send); }
  void hold_tag(Payload tag) { newest().tags.push_back(tag); }

  /// Writes wait and no sync is under way.
  bool wants_sync() const { return !in_flight_ && !gathering_.writes.empty(); }
  void begin_sync() {
    std::swap(syncing_, gathering_);
    in_flight_ = true;
  }
  /// Writes of the batch under way that are not durable yet.
  std::size_t syncing_writes() const { return syncing_.writes.size(); }
  /// The first `count` of those reach the disk; the others never will.
  void apply(std::size_t count);
  /// The sync is over: hands out who waited. Call `clear()` on the batch when they are served.
  WriteBatch& end_sync() {
    in_flight_ = false;
    return syncing_;
  }
  /// A crash: drops what is not durable; `release` is called for every payload that waited.
  template <class Release>
  void forget(Release release) {
    for (WriteBatch* batch : {&syncing_, &gathering_}) {
      for (const HeldSend& send : batch->sends) release(send.payload);
      for (const Payload tag : batch->tags) release(tag);
      batch->clear();
    }
    for (auto& store : stores_) store->forget();
    in_flight_ = false;
  }
  /// Of each log; after a crash, when nothing waits to be written.
  std::uint64_t lose_tail(std::uint64_t count) {
    std::uint64_t lost = 0;
    for (auto& store : stores_) lost += store->lose_tail(count);
    return lost;
  }

 private:
  WriteBatch& newest() { return gathering_.writes.empty() ? syncing_ : gathering_; }

  std::vector<Cloned<DurableBase>> stores_;
  WriteBatch gathering_;
  WriteBatch syncing_;
  bool in_flight_ = false;
};

/// What a process finds on its disk when it starts.
class Recovered {
 public:
  /// Null: nothing was ever written.
  explicit Recovered(const Storage* storage) : storage_(storage) {}

  /// The last saved state of this type that became durable, or null.
  template <Described S>
  const S* saved() const {
    const auto* slot = find<DurableSlot<S>>(&kPayloadType<S>);
    return slot != nullptr && slot->durable ? &*slot->durable : nullptr;
  }
  /// The durable log of this type; empty if nothing was ever appended. Cheap to copy.
  template <Described E>
  SharedLog<E> log() const {
    const auto* log = find<DurableLog<E>>(&kPayloadType<E>);
    return log != nullptr ? log->durable : SharedLog<E>{};
  }

 private:
  template <class Store>
  const Store* find(const PayloadType* type) const {
    return storage_ == nullptr ? nullptr : storage_->find<Store>(type);
  }

  const Storage* storage_;
};

}  // namespace seedbed
