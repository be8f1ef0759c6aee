// The services of all nodes, those of a node side by side: half a cache line each, with its process
// in memory that they share. A value: a copy has processes of its own.
//
//   Services services;
//   services.add().prototype = number;
//   services.start(services[0], prototype);       // a process that is a copy of the prototype
//   services.stop(services[0]);
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "sim/base/cloned.h"
#include "sim/base/pages.h"
#include "sim/base/rng.h"
#include "sim/world/process.h"
#include "sim/world/process_memory.h"
#include "sim/world/storage.h"

namespace seedbed {

struct Service {
  ProcessBase* process = nullptr;  // null while the node is down; Services owns it
  Cloned<Storage> storage;         // null until the first write
  Rng rng;
  std::uint32_t prototype = 0;  // what it is before any start; a restart begins from a copy
  std::uint32_t role = 0;       // as last seen; both are numbers that the world gave

  bool dirty() const { return storage && storage->dirty(); }
};
static_assert(sizeof(Service) == 32);

class Services {
 public:
  Services() = default;
  Services(const Services& other) : all_(other.all_) {
    for (Service& service : all_) {
      if (const ProcessBase* original = service.process) start(service, *original);
    }
  }
  Services(Services&&) = default;
  Services& operator=(Services other) noexcept {
    std::swap(all_, other.all_);
    std::swap(memory_, other.memory_);
    return *this;
  }
  ~Services() {
    for (const Service& service : all_) {
      if (service.process != nullptr) service.process->~ProcessBase();
    }
  }

  std::size_t size() const { return all_.size(); }
  Service& operator[](std::size_t i) { return all_[i]; }
  Service& add() { return all_.emplace_back(); }

  void start(Service& service, const ProcessBase& prototype) {
    service.process = prototype.clone_to(memory_.allocate(prototype.size()));
  }
  /// If it has started.
  void stop(Service& service) {
    ProcessBase* const process = std::exchange(service.process, nullptr);
    if (process == nullptr) return;
    const std::size_t size = process->size();
    process->~ProcessBase();
    memory_.release(process, size);
  }

 private:
  PagedVector<Service> all_;
  ProcessMemory memory_;
};

}  // namespace seedbed
