// The sharded store with one rule broken: a name, the rule, and the check that must notice
// (protocol.cpp).
#pragma once

#include "protocols/sharded_store/server.h"

namespace seedbed::sharded_store {

/// Answers for a shard as long as it has it.
struct AnswersWhileGiving : Mutant<AnswersWhileGiving, Server> {
  bool answers(const Holding&) const override { return true; }
};

/// Comes back from a crash without knowing whom it was giving a shard to.
struct ForgetsGiving : Mutant<ForgetsGiving, Server> {
  bool remembers_giving() const override { return false; }
};

/// Takes every Move for a new one.
struct TakesLateMoves : Mutant<TakesLateMoves, Server> {
  bool is_late(Epoch, Epoch) const override { return false; }
};

/// Leaves the last value out.
struct ForgetsAKey : Mutant<ForgetsAKey, Server> {
  std::vector<kv::Record> image_of(const kv::Store& store) const override {
    std::vector<kv::Record> image = store.image();
    const auto is_value = [](const kv::Record& r) { return r.kind == kv::Record::Kind::kValue; };
    const auto last = std::find_if(image.rbegin(), image.rend(), is_value);
    if (last != image.rend()) image.erase(std::next(last).base());
    return image;
  }
};

/// Moves values, and not which requests were executed.
struct MovesNoSessions : Mutant<MovesNoSessions, Server> {
  std::vector<kv::Record> image_of(const kv::Store& store) const override {
    std::vector<kv::Record> image = store.image();
    std::erase_if(image, [](const kv::Record& r) { return r.kind != kv::Record::Kind::kValue; });
    return image;
  }
};

/// Sends a shard, and does not wait for the answer.
struct ForgetsBeforeAnswer : Mutant<ForgetsBeforeAnswer, Server> {
  bool forgets_before_answer() const override { return true; }
};

/// Sends a Move once.
struct MovesOnce : Mutant<MovesOnce, Server> {
  bool repeats_moves() const override { return false; }
};

/// Answers before the disk has what it tells of.
struct AcknowledgesEarly : Mutant<AcknowledgesEarly, Server> {
  bool replies_when_durable() const override { return false; }
};

/// Keeps the configuration in its memory only, and counts anew after a crash.
struct ForgetsEpoch : Mutant<ForgetsEpoch, Server> {
  bool saves_configuration() const override { return false; }
};

}  // namespace seedbed::sharded_store
