#include "sim/world/storage.h"

namespace seedbed {

void Storage::apply(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const WriteBatch::Write& write = syncing_.writes[i];
    stores_[write.store]->apply(write.step, write.index);
  }
  syncing_.writes.clear();
}

}  // namespace seedbed
