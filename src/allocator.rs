//! What the standard library would bring along, in its smallest form, for the published module.

use core::panic::PanicInfo;

use lol_alloc::{FreeListAllocator, LockedAllocator};

#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// A panic is a trap, as it would be with the standard library; its message costs no bytes.
/// js/instance.ts turns it into ERR_DARAJA_INTERNAL.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
