type Watch = (key: string, wake: () => void) => () => void;

/** Wraps a watch so that it wakes nobody once it is ended, though the client may still have an event at hand. */
export function watching(start: Watch): Watch {
  return (key, wake) => {
    let isOver = false;
    const end = start(key, () => {
      if (!isOver) wake();
    });
    return () => {
      if (!isOver) end();
      isOver = true;
    };
  };
}
