type Watch = (key: string, wake: () => void) => () => void;

/** Wraps a watch so that it wakes no caller after its end, even if the client still delivers an event. */
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
