// What a service has on its disk: slots (`save` replaces the one of its type), logs (`append`), and
// files. Writes gather while a sync is under way and become durable together when the next one ends
// (group commit); a crash forgets the rest. Messages sent after a write wait here for it.
//
// Slots and logs are records of a layer with checksums and sequence numbers: one that rotted, or
// whose write went astray, is known to be damaged, and never read as something else. Files are what
// the disk makes of them.
//
// This is the machinery under Context::save, append, when_synced and disk(); a process reads what
// survived through `Recovered`:
//
//   const auto* state = durable.saved<HardState>();   // null: never saved, or damaged
//   if (durable.damaged()) return ctx.halt();         // an acknowledged record is unreadable
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
  /// A part of what is not durable reaches the platter all the same, drawn: of files. (Of slots and
  /// logs it is a prefix of the writes that were being synced: see Storage::tear.)
  virtual void tear(std::uint64_t /*bits*/) {}
  /// The last `count` durable entries of a log are gone, in silence. Returns how many there were.
  virtual std::uint64_t lose_tail(std::uint64_t /*count*/) { return 0; }

  /// What can be damaged by itself: a slot, an entry of a log, a sector of a file.
  virtual std::uint64_t places() const = 0;
  /// A bit flips in one of them.
  virtual void rot(std::uint64_t place, std::uint64_t bits) = 0;
  /// One of them gets what was meant for another.
  virtual void overwrite(std::uint64_t place, std::string_view bytes) = 0;
  /// As `apply`, but a part of the write does not arrive. Returns that part.
  virtual std::string apply_astray(Step step, std::uint64_t index, std::uint64_t bits) = 0;
  /// Something in it cannot be read, and it is known.
  virtual bool damaged() const { return false; }
  const PayloadType* type() const { return type_; }

 protected:
  DurableBase(const DurableBase&) = default;

 private:
  const PayloadType* type_;  // compared for equality only; null for the files
};

/// What of a slot or a log lies where something else should.
inline constexpr auto kAstrayRecord = "a record that went astray";

template <Described S>
class DurableSlot : public DurableBase {
 public:
  DurableSlot() : DurableBase(&kPayloadType<S>) {}
  std::unique_ptr<DurableBase> clone() const override {
    return std::make_unique<DurableSlot>(*this);
  }
  void apply(Step, std::uint64_t) override {
    durable = pending.pop();
    damaged_ = false;
  }
  void forget() override { pending.clear(); }
  std::uint64_t places() const override { return durable ? 1 : 0; }
  void rot(std::uint64_t, std::uint64_t) override { damaged_ = true; }
  void overwrite(std::uint64_t, std::string_view) override { damaged_ = true; }
  std::string apply_astray(Step step, std::uint64_t index, std::uint64_t) override {
    apply(step, index);
    damaged_ = true;
    return kAstrayRecord;
  }
  bool damaged() const override { return damaged_; }

  std::optional<S> durable;
  Pending<S> pending;

 private:
  bool damaged_ = false;
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
      std::erase_if(damaged_, [&](std::uint64_t i) {
        return step == Step::kTruncate ? i >= index : i <= index;
      });
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
    std::erase_if(damaged_, [&](std::uint64_t i) { return i > durable.last_index(); });
    return lost;
  }
  std::uint64_t places() const override { return durable.size(); }
  void rot(std::uint64_t place, std::uint64_t) override {
    damaged_.push_back(durable.first_index() + place);
  }
  void overwrite(std::uint64_t place, std::string_view) override { rot(place, 0); }
  std::string apply_astray(Step step, std::uint64_t index, std::uint64_t) override {
    apply(step, index);
    damaged_.push_back(durable.last_index());
    return kAstrayRecord;
  }
  bool damaged() const override { return !damaged_.empty(); }
  /// What can be read: all before the first damaged entry.
  SharedLog<E> intact() const {
    SharedLog<E> log = durable;
    if (damaged()) log.truncate(*std::min_element(damaged_.begin(), damaged_.end()));
    return log;
  }

  SharedLog<E> durable;

 private:
  static void cut(SharedLog<E>& log, Step step, std::uint64_t index) {
    if (step == Step::kTruncate) log.truncate(index);
    if (step == Step::kCompact) log.compact(index);
  }

  SharedLog<E> written_;                // what the log is once all writes are durable, ...
  Pending<SharedLog<E>> before_cuts_;   // ... and what it was before each cut that is not
  std::vector<std::uint64_t> damaged_;  // indices
};

/// A message that departs once what was written before it is durable.
struct HeldSend {
  Address to;
  Payload payload;
};

enum class SyncOutcome : std::uint8_t { kDone, kFailed, kFull };

/// Told to a process that lists it among what it reacts to: a sync has failed. What was not durable
/// is gone (of files a part may have reached the platter: read them again), and so are the messages
/// and tags that waited; `Context::durable` tells what is left. Who does not list it crashes.
struct SyncFailed {
  static constexpr auto kName = "SyncFailed";
  bool full = false;  // there was no room
  constexpr void describe(auto& d) const { d("full", full); }
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
  std::uint64_t bytes = 0;    // to be written, where they count
  SyncOutcome outcome = SyncOutcome::kDone;

  void clear() {
    writes.clear();
    sends.clear();
    tags.clear();
    bytes = 0;
    outcome = SyncOutcome::kDone;
  }
};

class Storage {
 public:
  template <Described S>
  void save(S state) {
    count_bytes(state);
    auto [store, index] = store_of<DurableSlot<S>>(&kPayloadType<S>);
    store.pending.push(std::move(state));
    gathering().writes.push_back({index, DurableBase::Step::kPut, 0});
  }
  template <Described E>
  void append(E entry) {
    count_bytes(entry);
    auto [store, index] = store_of<DurableLog<E>>(&kPayloadType<E>);
    store.append(std::move(entry));
    gathering().writes.push_back({index, DurableBase::Step::kPut, 0});
  }
  /// An entry of the process's own log.
  template <Described E>
  void append(const SharedLog<E>& log, std::uint64_t at) {
    if (counts_bytes_) count_bytes(log[at]);
    auto [store, index] = store_of<DurableLog<E>>(&kPayloadType<E>);
    store.append(log, at);
    gathering().writes.push_back({index, DurableBase::Step::kPut, 0});
  }
  /// Drops `index` and everything after it (kTruncate) or up to and including it (kCompact).
  template <Described E>
  void cut_log(DurableBase::Step step, std::uint64_t index) {
    auto [store, number] = store_of<DurableLog<E>>(&kPayloadType<E>);
    store.cut(step, index);
    gathering().writes.push_back({number, step, index});
  }
  /// The store of `type`, made at its first use (null: the files).
  template <class Store>
  std::pair<Store&, std::uint32_t> store_of(const PayloadType* type) {
    for (std::uint32_t i = 0; i < types_.size(); ++i) {
      if (types_[i] == type) return {static_cast<Store&>(*stores_[i]), i};
    }
    types_.push_back(type);
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

  void write(WriteBatch::Write write, std::uint64_t bytes) {
    gathering().writes.push_back(write);
    gathering().bytes += bytes;
  }
  /// Of the disk that it lies on: whether bytes cost time, how many are written whole, and a key
  /// for how long each sync takes.
  void configure(bool counts_bytes, std::uint32_t sector, std::uint64_t sync_key) {
    counts_bytes_ = counts_bytes;
    sector_ = sector;
    sync_key_ = sync_key;
  }
  std::uint64_t sync_key() const { return sync_key_; }
  std::uint32_t sector() const { return sector_; }

  /// Something written is not durable yet.
  bool dirty() const { return in_flight_ || !gathering().writes.empty(); }
  void hold(HeldSend send) { newest().sends.push_back(send); }
  void hold_tag(Payload tag) { newest().tags.push_back(tag); }

  /// Writes wait and no sync is under way.
  bool wants_sync() const { return !in_flight_ && !gathering().writes.empty(); }
  void begin_sync() {
    gathers_ = 1 - gathers_;
    in_flight_ = true;
  }
  /// Writes of the batch under way that are not durable yet.
  std::size_t syncing_writes() const { return syncing().writes.size(); }
  std::uint64_t syncing_bytes() const { return syncing().bytes; }
  /// Some of those need room that was not theirs before: they are no file's.
  bool syncs_records() const;
  /// The first `count` of those reach the disk; the others never will.
  void apply(std::size_t count);
  /// All reach it, but one of them, drawn, elsewhere than it should.
  void apply_astray(std::uint64_t bits);
  /// All are reported as done, and stay in a cache that a crash empties, until `flush`.
  void pretend();
  void flush();
  /// None reaches it.
  void fail(SyncOutcome outcome);
  /// A crash leaves a part of what is not durable, drawn; `forget` is to follow.
  void tear(std::uint64_t bits);
  /// Of files only: a sync that failed.
  void tear_files(std::uint64_t bits);
  /// The sync is over: hands out who waited. Call `clear()` on the batch when they are served.
  SyncOutcome outcome() const { return syncing().outcome; }
  WriteBatch& end_sync() {
    in_flight_ = false;
    return syncing();
  }
  /// A crash: drops what is not durable; `release` is called for every payload that waited.
  template <class Release>
  void forget(Release release) {
    for (WriteBatch& batch : batches_) {
      for (const HeldSend& send : batch.sends) release(send.payload);
      for (const Payload tag : batch.tags) release(tag);
      batch.clear();
    }
    pretended_.clear();
    for (auto& store : stores_) store->forget();
    in_flight_ = false;
  }
  /// Of each log; after a crash, when nothing waits to be written.
  std::uint64_t lose_tail(std::uint64_t count) {
    std::uint64_t lost = 0;
    for (auto& store : stores_) lost += store->lose_tail(count);
    return lost;
  }
  /// Durable things that can be damaged, each by itself.
  std::uint64_t places() const;
  void rot(std::uint64_t place, std::uint64_t bits);
  bool damaged() const;

 private:
  template <Described T>
  void count_bytes(const T& written) {
    if (!counts_bytes_) return;
    Digester digester;
    written.describe(digester);
    gathering().bytes += digester.bytes();
  }
  std::pair<DurableBase*, std::uint64_t> at(std::uint64_t place);
  WriteBatch& gathering() { return batches_[gathers_]; }
  const WriteBatch& gathering() const { return batches_[gathers_]; }
  WriteBatch& syncing() { return batches_[1 - gathers_]; }
  const WriteBatch& syncing() const { return batches_[1 - gathers_]; }
  WriteBatch& newest() { return gathering().writes.empty() ? syncing() : gathering(); }

  std::vector<Cloned<DurableBase>> stores_;
  std::vector<const PayloadType*> types_;     // theirs
  WriteBatch batches_[2];                     // one gathers while the other is synced
  std::uint32_t gathers_ = 0;                 // which
  std::vector<WriteBatch::Write> pretended_;  // said to be durable; in order
  bool in_flight_ = false;
  bool counts_bytes_ = false;
  std::uint32_t sector_ = 512;
  std::uint64_t sync_key_ = 0;
};

/// What a process finds on its disk when it starts.
class Recovered {
 public:
  /// Null: nothing was ever written.
  explicit Recovered(const Storage* storage) : storage_(storage) {}

  /// The last saved state of this type that became durable, or null: there is none, or it is
  /// damaged.
  template <Described S>
  const S* saved() const {
    const auto* slot = find<DurableSlot<S>>(&kPayloadType<S>);
    return slot != nullptr && slot->durable && !slot->damaged() ? &*slot->durable : nullptr;
  }
  /// The durable log of this type, up to its first damaged entry; empty if nothing was ever
  /// appended. Cheap to copy. (Who goes on with a damaged log truncates it there first.)
  template <Described E>
  SharedLog<E> log() const {
    const auto* log = find<DurableLog<E>>(&kPayloadType<E>);
    return log != nullptr ? log->intact() : SharedLog<E>{};
  }
  /// A slot or a log entry that was durable is known to be unreadable.
  bool damaged() const { return storage_ != nullptr && storage_->damaged(); }

 private:
  template <class Store>
  const Store* find(const PayloadType* type) const {
    return storage_ == nullptr ? nullptr : storage_->find<Store>(type);
  }

  const Storage* storage_;
};

}  // namespace seedbed
