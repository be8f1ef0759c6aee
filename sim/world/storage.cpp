#include "sim/world/storage.h"

#include "sim/base/rng.h"

namespace seedbed {

void Storage::apply(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const WriteBatch::Write& write = syncing().writes[i];
    stores_[write.store]->apply(write.step, write.index);
  }
  syncing().writes.clear();
}

bool Storage::syncs_records() const {
  return std::any_of(syncing().writes.begin(), syncing().writes.end(), [this](const auto& write) {
    return stores_[write.store]->type() != nullptr && write.step == DurableBase::Step::kPut;
  });
}

void Storage::apply_astray(std::uint64_t bits) {
  const auto is_put = [](const WriteBatch::Write& w) { return w.step == DurableBase::Step::kPut; };
  auto& writes = syncing().writes;
  const auto most = static_cast<std::uint64_t>(std::count_if(writes.begin(), writes.end(), is_put));
  if (most == 0) return apply(writes.size());
  std::uint64_t sound = scale(bits, most);  // before the one that goes astray
  bool astray = false;
  std::string lifted;
  for (const WriteBatch::Write& write : writes) {
    DurableBase& store = *stores_[write.store];
    if (astray || !is_put(write) || sound-- != 0) {
      store.apply(write.step, write.index);
    } else {
      astray = true;
      lifted = store.apply_astray(write.step, write.index, scramble(bits));
    }
  }
  writes.clear();
  if (lifted.empty() || places() == 0) return;
  const auto [victim, place] = at(scale(hash_of(bits, 1), places()));
  victim->overwrite(place, lifted);
}

void Storage::pretend() {
  pretended_.insert(pretended_.end(), syncing().writes.begin(), syncing().writes.end());
  syncing().writes.clear();
}

void Storage::flush() {
  for (const WriteBatch::Write& write : pretended_) {
    stores_[write.store]->apply(write.step, write.index);
  }
  pretended_.clear();
}

void Storage::fail(SyncOutcome outcome) {
  syncing().writes.clear();
  syncing().outcome = outcome;
}

void Storage::tear(std::uint64_t bits) {
  pretended_.insert(pretended_.end(), syncing().writes.begin(), syncing().writes.end());
  syncing().writes.clear();
  pretended_.resize(scale(scramble(bits), pretended_.size() + 1));
  flush();
  tear_files(bits);
}

void Storage::tear_files(std::uint64_t bits) {
  for (auto& store : stores_) store->tear(bits);
}

std::uint64_t Storage::places() const {
  std::uint64_t places = 0;
  for (const auto& store : stores_) places += store->places();
  return places;
}

std::pair<DurableBase*, std::uint64_t> Storage::at(std::uint64_t place) {
  std::size_t s = 0;
  for (; place >= stores_[s]->places(); ++s) place -= stores_[s]->places();
  return {stores_[s].get(), place};
}

void Storage::rot(std::uint64_t place, std::uint64_t bits) {
  const auto [store, its] = at(place);
  store->rot(its, bits);
}

bool Storage::damaged() const {
  return std::any_of(stores_.begin(), stores_.end(),
                     [](const auto& store) { return store->damaged(); });
}

}  // namespace seedbed
