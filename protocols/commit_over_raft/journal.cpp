#include "protocols/commit_over_raft/journal.h"

#include <algorithm>

namespace seedbed::commit_over_raft {

namespace {

/// Two numbers of 32 bits in a word.
Word pair(std::uint64_t high, std::uint64_t low) { return static_cast<Word>(high << 32 | low); }
std::uint32_t high(Word word) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(word) >> 32);
}
std::uint32_t low(Word word) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(word));
}

/// What a command of the kv service is to Raft does not matter here: nobody reads those keys.
constexpr kv::Key kOpening = 0;
constexpr kv::Key kCarrying = 1;

}  // namespace

std::vector<Words> cut(const tpc::Record& record) {
  const auto kind = static_cast<std::uint64_t>(record.kind) << 1 | (record.commit ? 1U : 0U);
  std::vector<Word> words = {0, static_cast<Word>(kind), (record.txn.age - Time{}).count(),
                             pair(record.txn.coordinator.value, record.txn.life),
                             pair(record.participants.size(), record.writes.size())};
  for (const NodeId n : record.participants) words.push_back(n.value);
  for (const tpc::Write& write : record.writes) {
    words.push_back(pair(write.key, write.numbers.size()));
    words.insert(words.end(), write.numbers.begin(), write.numbers.end());
  }
  words[0] = static_cast<Word>(words.size() - 1);
  if (words.size() % 2 != 0) words.push_back(0);
  std::vector<Words> pairs;
  for (std::size_t i = 0; i < words.size(); i += 2) pairs.push_back({words[i], words[i + 1]});
  return pairs;
}

tpc::Record join(const std::vector<Word>& words) {
  auto next = words.begin();
  tpc::Record record;
  record.kind = static_cast<tpc::RecordKind>(*next >> 1);
  record.commit = (*next++ & 1) != 0;
  record.txn.age = Time{} + Duration(*next++);
  record.txn.coordinator = {high(*next)};
  record.txn.life = low(*next++);
  const std::uint32_t participants = high(*next);
  const std::uint32_t writes = low(*next++);
  for (std::uint32_t i = 0; i < participants; ++i) record.participants.push_back({low(*next++)});
  for (std::uint32_t i = 0; i < writes; ++i) {
    tpc::Write& write = record.writes.emplace_back();
    write.key = high(*next);
    const std::uint32_t numbers = low(*next++);
    write.numbers.assign(next, next + numbers);
    next += numbers;
  }
  return record;
}

kv::Command opening(tpc::Life life) {
  return {.function = kv::Function::kWrite, .key = kOpening, .value = life};
}

kv::Command carrying(tpc::Life life, const Words& words) {
  // The life goes into the key, beside the mark.
  return {.function = kv::Function::kWrite,
          .key = life << 1 | kCarrying,
          .value = words[0],
          .expected = words[1]};
}

void Journal::replay(const raft::Entry& entry) {
  if (entry.kind != raft::EntryKind::kCommand) return;
  const kv::Command& command = entry.request.command;
  if (command.key == kOpening) {
    const auto life = static_cast<tpc::Life>(command.value);
    if (life <= life_) return;  // somebody opened a later one
    life_ = life;
    speaker_ = entry.request.id.client;
    written_in_life_ = missing_ = 0;
    words_.clear();
    return;
  }
  if (command.key >> 1 != life_ || entry.request.id.client != speaker_) return;
  std::size_t from = 0;
  const Words words = {command.value, command.expected};
  if (missing_ == 0) missing_ = static_cast<std::uint64_t>(words[from++]);
  for (; from < words.size() && missing_ > 0; ++from, --missing_) words_.push_back(words[from]);
  if (missing_ > 0) return;
  records_.append(join(words_));
  words_.clear();
  ++written_in_life_;
}

}  // namespace seedbed::commit_over_raft
