/** A watch that says nothing more once it is ended, though the client may still have something at hand. */
export function watching(start) {
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
