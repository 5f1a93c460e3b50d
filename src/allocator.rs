//! The parts of the standard library that the published module needs, in their smallest form.

use core::panic::PanicInfo;

use lol_alloc::{FreeListAllocator, LockedAllocator};

#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// A panic becomes a trap, as with the standard library. Its message is left out, to save bytes.
/// js/instance.ts turns it into ERR_DARAJA_INTERNAL.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
