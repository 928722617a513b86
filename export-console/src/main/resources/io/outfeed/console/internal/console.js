// Loads a page anew when what it shows has changed, and offers names of jobs while a person types.
const INTERVAL = 5000;
const SLOWEST = 60000;
const main = document.getElementById('main');

function watch() {
  let wait = INTERVAL;
  const again = () => setTimeout(look, wait);
  const look = async () => {
    const typing = main.contains(document.activeElement) && document.activeElement.matches('input, select, textarea');
    if (document.hidden || typing) {
      return again();
    }
    try {
      const answer = await fetch(main.dataset.poll, {headers: {Accept: 'application/json'}});
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      wait = INTERVAL;
      if ((await answer.json()).state !== main.dataset.state) {
        await load();
      }
    } catch (unreachable) {
      wait = Math.min(2 * wait, SLOWEST);
    }
    return again();
  };
  again();
}

async function load() {
  const page = await fetch(location.href);
  if (!page.ok) {
    throw new Error(String(page.status));
  }
  const fresh = new DOMParser().parseFromString(await page.text(), 'text/html');
  const next = fresh.getElementById('main');
  const focused = document.activeElement?.getAttribute('href');
  main.replaceChildren(...next.childNodes);
  main.dataset.state = next.dataset.state;
  document.querySelector('footer').replaceChildren(...fresh.querySelector('footer').childNodes);
  if (focused) {
    main.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }
}

function offerNames(input) {
  let timer;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await fetch(`${input.dataset.names}?search=${encodeURIComponent(input.value)}`);
      if (answer.ok) {
        const names = await answer.json();
        input.list.replaceChildren(...names.map(name => new Option('', name)));
      }
    }, 150);
  });
}

if (main.dataset.poll) {
  watch();
}
document.querySelectorAll('input[data-names]').forEach(offerNames);
