/**
 * Searching and unfolding; the page is whole without it. Constant: nothing of the incident is in it, so
 * that its hash in the page's policy is all that may run.
 */
export const SCRIPT = `
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  const box = document.getElementById('search');
  const count = document.getElementById('count');
  const fold = document.getElementById('fold');
  const items = [...document.querySelectorAll('.item')];
  const folds = [...document.querySelectorAll('details')];
  let texts = null;
  let waiting = 0;
  const filter = () => {
    const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
    texts ??= items.map((item) => item.textContent.toLowerCase());
    let found = 0;
    items.forEach((item, n) => {
      const fits = words.every((word) => texts[n].includes(word));
      item.hidden = !fits;
      if (fits) found += 1;
    });
    for (const thread of document.querySelectorAll('.thread')) {
      const some = words.length > 0 && thread.querySelector('.item:not([hidden])') !== null;
      thread.hidden = words.length > 0 && !some;
      thread.open = some;
    }
    for (const date of document.querySelectorAll('.date')) date.hidden = words.length > 0;
    count.value = words.length === 0 ? '' : found + ' of ' + items.length;
  };
  box.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 60);
  });
  fold.addEventListener('click', () => {
    const open = !folds.every((one) => one.open);
    for (const one of folds) one.open = open;
    fold.textContent = open ? 'Fold all' : 'Unfold all';
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && document.activeElement !== box) {
      event.preventDefault();
      box.focus();
    }
  });
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const thread = target && target.closest('details');
    if (thread) {
      thread.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener('hashchange', reveal);
  addEventListener('beforeprint', () => {
    for (const one of folds) one.open = true;
  });
  reveal();
})();
`;
